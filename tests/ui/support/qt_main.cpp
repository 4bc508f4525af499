// The main of the tests of the studio: an application object, and settings, data and cache folders of its own.

#include "core/base/log.h"
#include "ui/gl/context.h"

#include <QApplication>
#include <QTemporaryDir>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  const QTemporaryDir folder;
  for (const char* variable : {"XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"}) {
    qputenv(variable, folder.filePath(variable).toLocal8Bit());
  }
  tagscape::log::setVerbosity(0);
  QSurfaceFormat::setDefaultFormat(tagscape::gl::requestedFormat());
  QCoreApplication::setOrganizationName("tagscape");
  QCoreApplication::setApplicationName("tagscape-tests");
  const QApplication application(argc, argv);
  return RUN_ALL_TESTS();
}
