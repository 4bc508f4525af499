// tagscape-studio: the desktop program. Composition only; everything it shows lives in ui/.

#include "app/studio/automation.h"
#include "app/studio/options.h"
#include "core/base/log.h"
#include "core/run/run_directory.h"
#include "ui/dialogs/error_dialog.h"
#include "ui/dialogs/preferences_dialog.h"
#include "ui/gl/context.h"
#include "ui/services/language.h"
#include "ui/view3d/scene_view.h"
#include "ui/window/main_window.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QTimer>

#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <time.h>
#include <unistd.h>
#include <vector>

namespace {

/// The age of this process, including the loading of libraries. Source: proc(5), field 22 of /proc/self/stat.
double processAge_s() {
  std::ifstream file("/proc/self/stat");
  std::string text;
  std::getline(file, text);
  std::istringstream fields(text.substr(std::min(text.size(), text.rfind(')') + 2)));
  std::string field;
  for (int i = 3; i <= 22 && fields >> field; ++i) {
  }
  timespec now{};
  if (field.empty() || clock_gettime(CLOCK_BOOTTIME, &now) != 0) return 0;
  const double started_s = std::strtod(field.c_str(), nullptr) / static_cast<double>(sysconf(_SC_CLK_TCK));
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9 - started_s;
}

/// Qt would abort without a display; report an error instead.
bool hasDisplay() {
  return qEnvironmentVariableIsSet("QT_QPA_PLATFORM") || qEnvironmentVariableIsSet("DISPLAY") ||
         qEnvironmentVariableIsSet("WAYLAND_DISPLAY");
}

tagscape::Result<tagscape::StudioOptions> optionsFrom(int argc, char** argv) {
  QStringList arguments;
  for (int i = 0; i < argc; ++i) arguments += QString::fromLocal8Bit(argv[i]);
  return tagscape::parseStudioOptions(arguments);
}

/// Replaces this process by the same command on a virtual display. Returns only if there is none.
void continueOnVirtualDisplay(int argc, char** argv) {
  std::vector<std::string> words{"xvfb-run", "-a", "-s", "-screen 0 1920x1200x24"};
  words.insert(words.end(), argv, argv + argc);
  std::vector<char*> arguments;
  for (std::string& word : words) arguments.push_back(word.data());
  arguments.push_back(nullptr);
  execvp(arguments[0], arguments.data());
}

int complain(const std::string& message, int exit_code) {
  std::fprintf(stderr, "tagscape-studio: %s\n", message.c_str());
  return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  const double age_at_start_s = processAge_s();
  QElapsedTimer since_start;
  since_start.start();
  QCoreApplication::setOrganizationName("tagscape");
  QCoreApplication::setApplicationName("tagscape-studio");
  QCoreApplication::setApplicationVersion(TAGSCAPE_VERSION);

  const auto options = optionsFrom(argc, argv);
  if (!options) return complain(options.error().message, tagscape::exitCodeFor(options.error().code));
  if (!options->text.isEmpty()) return std::fputs(qUtf8Printable(options->text), stdout) < 0 ? 1 : 0;
  if (!options->run.isEmpty()) {
    const auto run = tagscape::RunDirectory::open(options->run.toStdString());
    if (!run) return complain(run.error().message, tagscape::exitCodeFor(run.error().code));
  }
  if (!hasDisplay()) {
    if (options->isAutomatic()) continueOnVirtualDisplay(argc, argv);
    return complain("there is no display. Set DISPLAY or WAYLAND_DISPLAY, or run it as: xvfb-run -a tagscape-studio …",
                    1);
  }

  QSurfaceFormat::setDefaultFormat(tagscape::gl::requestedFormat());
  QApplication application(argc, argv);
  tagscape::installLanguage(options->isAutomatic() ? QString() : tagscape::preferredLanguage());
  QGuiApplication::setApplicationDisplayName("Tagscape");
  QGuiApplication::setDesktopFileName("tagscape-studio");
  // Without OpenGL everything but the 3D view works; a page explains what is missing.
  const auto probed = tagscape::gl::probeContext();
  if (!probed && options->isAutomatic()) return complain(probed.error().message, 1);

  tagscape::log::setVerbosity(options->isAutomatic() ? 0 : 1);
  tagscape::MainWindow window(!options->isAutomatic(), probed);
  if (options->size.isValid() && !options->isOfView()) window.resize(options->size);
  // Reading begins beside the work of showing the window; its result waits for the event loop.
  if (!options->path.isEmpty()) {
    const auto run =
        options->run.isEmpty() ? std::nullopt : std::optional<std::filesystem::path>(options->run.toStdString());
    window.open(options->path.toStdString(), run);
  }
  window.show();
  if (!probed) {
    QTimer::singleShot(0, &window, [&window, message = QString::fromStdString(probed.error().message)] {
      tagscape::showError(&window, QObject::tr("The 3D view cannot draw"), message);
    });
  }
  if (options->isAutomatic()) new tagscape::Automation(window, *options, since_start, age_at_start_s);
  if (!options->isAutomatic()) {
    const auto show = [&window, options = *options] {
      tagscape::applyViewSettings(options, window.sceneView());
      auto applied = tagscape::applyDisplayOptions(options, window.document());
      if (applied) applied = tagscape::applyView(options, window.document(), window.sceneView());
      window.sceneView().setAnimated(true);
      if (!applied)
        Q_EMIT window.problemMet(QObject::tr("Some display options were not applied"),
                                 QString::fromStdString(applied.error().message));
    };
    QObject::connect(&window.opener(), &tagscape::SceneOpener::opened, &window, show, Qt::SingleShotConnection);
  }
  return QApplication::exec();
}
