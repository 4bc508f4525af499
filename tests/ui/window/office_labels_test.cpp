// The labels of a real capture corrected with the tools of the window, by the mouse: outlines that a person drew on
// half of the labelled frames are clicked into the image, and the result is compared with the other half.

#include "core/pipeline/open_scene.h"
#include "tests/support/temporary_folder.h"
#include "tests/ui/support/pages.h"

#include <QAction>
#include <QElapsedTimer>
#include <QFile>
#include <QImage>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLineEdit>
#include <QStackedWidget>
#include <gtest/gtest.h>

#include <map>

namespace tagscape {
namespace {

/// Points that a frame sees where it is labelled, and how many of them have the right label.
struct Score {
  std::size_t num_right = 0, num_wrong = 0, num_missing = 0;

  [[nodiscard]] double accuracy() const {
    const std::size_t all = num_right + num_wrong + num_missing;
    return all == 0 ? 0 : static_cast<double>(num_right) / static_cast<double>(all);
  }
};

struct OfficeLabels : ::testing::Test {
  void SetUp() override {
    const auto office = testing::officeCapture();
    if (!office) GTEST_SKIP() << testing::kNoOffice;
    QFile polygons(QString::fromStdString((*office / "truth" / "polygons.json").string()));
    if (!polygons.open(QIODevice::ReadOnly)) GTEST_SKIP() << "its outlines are not there";
    outlines = QJsonDocument::fromJson(polygons.readAll()).object();
    folder_of_scan = *office;
    window.emplace(false);
    window->setShowsErrors(false);
    window->resize(1280, 900);
    window->show();
    ASSERT_TRUE(QTest::qWaitForWindowExposed(&*window));
    const auto scene = openScene(*office, {}, {});
    ASSERT_TRUE(scene) << scene.error().message;
    window->document().setScene(*scene);
    window->findChild<QStackedWidget*>()->setCurrentWidget(&window->sceneView());
    window->labels().createProject(folder.path() / "office.tagscape", builtInClassSet("scannet20").value());
    trigger("lookingLayout");
    ASSERT_TRUE(
        testing::waitFor([this] { return window->labels().canEdit() && window->labels().geometry(); }, 120'000));
  }
  void trigger(const char* action) { window->findChild<QAction*>(action)->trigger(); }
  [[nodiscard]] std::optional<std::size_t> indexOf(int number) {
    const auto& frames = window->document().scene()->frames;
    for (std::size_t i = 0; i < frames.size(); ++i) {
      if (frames[i].number == number) return i;
    }
    return std::nullopt;
  }
  void chooseClass(const QString& name) {
    auto& filter = testing::control<QLineEdit>(*window, "labelClassFilter");
    filter.clear();
    QTest::keyClicks(&filter, name);
    QTest::keyClick(&filter, Qt::Key_Return);
  }
  /// Clicks the corners of an outline into the image and closes it.
  void draw(const QJsonArray& corners, bool erases) {
    ImageCanvas& canvas = window->imagePanel().canvas();
    for (const auto& corner : corners) {
      const QJsonArray at = corner.toArray();
      QTest::mouseClick(
          &canvas, Qt::LeftButton, {}, canvas.widgetFromImage({at[0].toDouble(), at[1].toDouble()}).toPoint());
      ++num_clicks;
    }
    QTest::keyClick(&canvas, Qt::Key_Return, erases ? Qt::ShiftModifier : Qt::NoModifier);
  }
  [[nodiscard]] Score compare(int number) {
    Score score;
    const auto index = indexOf(number);
    const auto file = folder_of_scan / "truth" / "label" / (std::to_string(number) + ".png");
    const QImage truth(QString::fromStdString(file.string()));
    if (!index || truth.isNull()) return score;
    const Scene& scene = *window->document().scene();
    const auto depth = scene.pixels->depth(*index);
    if (!depth) return score;
    const FrameView view{
        scene.frames[*index].world_from_camera, scene.color_intrinsics, scene.depth_intrinsics, &*depth};
    const auto visibility = computeVisibility(scene.points().positions_m, view);
    const auto labels = window->labels().layer()->labels();
    for (std::size_t i = 0; i < visibility.reason.size(); ++i) {
      if (visibility.reason[i] != Visibility::Visible) continue;
      const auto expected =
          classByNyu40(qGray(truth.pixel(qRound(visibility.pixel[i].x()), qRound(visibility.pixel[i].y()))));
      if (!expected) continue;
      if (labels[i] == kNoClass) {
        ++score.num_missing;
      } else {
        ++(labels[i] == *expected ? score.num_right : score.num_wrong);
      }
    }
    return score;
  }

  testing::TemporaryFolder folder;
  std::filesystem::path folder_of_scan;
  QJsonObject outlines;
  std::optional<MainWindow> window;
  int num_clicks = 0;
};

TEST_F(OfficeLabels, OutlinesOnHalfOfTheFramesLabelWhatTheOtherHalfSees) {
  QElapsedTimer clock;
  clock.start();
  testing::ImagePage image(*window);
  trigger("polygonAction");
  std::map<int, bool> is_drawn;
  for (const QString& key : outlines.keys()) is_drawn[key.toInt()] = false;
  int position = 0;
  for (auto& [number, drawn] : is_drawn) {
    drawn = position++ % 2 == 0;
    const auto index = indexOf(number);
    if (!drawn || !index) continue;
    window->document().setFrameIndex(static_cast<int>(*index));
    ASSERT_TRUE(image.settle());
    ASSERT_TRUE(testing::waitFor([this] { return window->frames().points() != nullptr; }, 60'000));
    for (const auto& outline : outlines[QString::number(number)].toArray()) {
      const QString name = outline.toObject()["class"].toString();
      const bool erases = name == "unlabelled";
      if (!erases) chooseClass(name);
      draw(outline.toObject()["polygon"].toArray(), erases);
    }
  }
  Score drawn_score, other_score;
  for (const auto& [number, drawn] : is_drawn) {
    const Score score = compare(number);
    Score& sum = drawn ? drawn_score : other_score;
    sum.num_right += score.num_right;
    sum.num_wrong += score.num_wrong;
    sum.num_missing += score.num_missing;
  }
  std::printf(
      "%zu edits, %d clicks, %.1f s; right on the frames drawn on %.1f %%, on the others %.1f %% (%.1f %% of what is "
      "labelled)\n",
      window->labels().history().size(),
      num_clicks,
      static_cast<double>(clock.elapsed()) * 1e-3,
      100 * drawn_score.accuracy(),
      100 * other_score.accuracy(),
      100. * static_cast<double>(other_score.num_right) /
          static_cast<double>(std::max<std::size_t>(1, other_score.num_right + other_score.num_wrong)));
  // The borders of outlines, and points that another frame's outline reaches by errors of depth and pose.
  EXPECT_GT(drawn_score.accuracy(), .85);
  // How much the other frames share with them is the capture's matter; what has a label there is right.
  EXPECT_GT(other_score.num_right, 0U);
  EXPECT_GT(other_score.num_right, 9 * other_score.num_wrong);
  Project project = Project::openReadOnly(folder.path() / "office.tagscape").value();
  EXPECT_EQ(project.loadLayer(project.pointLayer(1)->id).value().labels, *window->labels().layer());
}

}  // namespace
}  // namespace tagscape
