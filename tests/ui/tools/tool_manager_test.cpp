// Which tool gets which event, and what the standing tools of the window do with theirs.

#include "ui/tools/tool_manager.h"

#include "tests/ui/support/fake_tool_view.h"
#include "tests/ui/support/patch_scene.h"
#include "ui/tools/place_tool.h"
#include "ui/tools/rectangle_tool.h"

#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace tagscape {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

/// Notes what it is given; takes presses of the left button if told so.
class NotingTool : public Tool {
 public:
  NotingTool(QString name, QStringList& notes, bool takes) : name_(std::move(name)), notes_(notes), takes_(takes) {}
  [[nodiscard]] QString name() const override { return name_; }
  [[nodiscard]] std::optional<QCursor> cursor() const override { return Qt::CrossCursor; }
  bool press(ToolView&, const PointerEvent& event) override {
    note("press");
    return takes_ && event.button == Qt::LeftButton;
  }
  bool move(ToolView&, const PointerEvent& event) override {
    note(event.buttons == Qt::NoButton ? "hover" : "drag");
    return false;
  }
  bool release(ToolView&, const PointerEvent& event) override {
    note(event.is_click ? "click" : "release");
    return false;
  }
  bool key(ToolView&, const QKeyEvent& event) override {
    note("key");
    return event.key() == Qt::Key_X;
  }
  void leave(ToolView&) override { note("leave"); }
  void cancel() override { note("cancel"); }
  void paint(const ToolView&, QPainter&) const override { notes_ += name_ + " paint"; }

 private:
  void note(const char* what) { notes_ += name_ + ' ' + what; }

  QString name_;
  QStringList& notes_;
  bool takes_;
};

struct ToolManagerTest : ::testing::Test {
  bool send(QEvent::Type type, QPointF at, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
    const bool is_down = type == QEvent::MouseButtonPress || (type == QEvent::MouseMove && button != Qt::NoButton);
    const QMouseEvent event(type,
                            at,
                            at,
                            type == QEvent::MouseMove ? Qt::NoButton : button,
                            is_down ? Qt::MouseButtons(button) : Qt::MouseButtons(),
                            keys);
    if (type == QEvent::MouseButtonPress) return tools.press(view, event);
    return type == QEvent::MouseMove ? tools.move(view, event) : tools.release(view, event);
  }
  bool press(QPointF at, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
    return send(QEvent::MouseButtonPress, at, button, keys);
  }
  bool move(QPointF at, Qt::MouseButton button = Qt::LeftButton) { return send(QEvent::MouseMove, at, button); }
  bool release(QPointF at, Qt::MouseButton button = Qt::LeftButton, Qt::KeyboardModifiers keys = {}) {
    return send(QEvent::MouseButtonRelease, at, button, keys);
  }
  void addStanding(const char* name, bool takes) {
    tools.addStanding(std::make_unique<NotingTool>(name, notes, takes));
  }
  void activate(const char* name, bool takes) { tools.setActive(std::make_unique<NotingTool>(name, notes, takes)); }
  QStringList taken() { return std::exchange(notes, {}); }

  testing::FakeToolView view;
  QStringList notes;
  ToolManager tools;
};

TEST_F(ToolManagerTest, OffersEventsInOrderUntilOneToolTakesThem) {
  addStanding("first", false);
  addStanding("second", true);
  addStanding("third", true);
  EXPECT_TRUE(press({10, 10}));
  EXPECT_THAT(taken(), ElementsAre("first press", "second press"));
  EXPECT_TRUE(move({30, 10}));
  EXPECT_TRUE(release({30, 10}));
  EXPECT_THAT(taken(), ElementsAre("second drag", "second release")) << "the one that took the press has the rest";
}

TEST_F(ToolManagerTest, LeavesToTheViewWhatNoToolTakes) {
  addStanding("watcher", false);
  EXPECT_FALSE(move({10, 10}, Qt::NoButton));
  EXPECT_FALSE(press({10, 10}));
  EXPECT_FALSE(release({11, 10}));
  EXPECT_THAT(taken(), ElementsAre("watcher hover", "watcher press", "watcher click"));
}

TEST_F(ToolManagerTest, AClickIsAPressThatStaysWhereItWas) {
  addStanding("watcher", false);
  (void)press({10, 10});
  (void)move({30, 10});
  (void)release({10, 10});
  EXPECT_THAT(taken(), ElementsAre("watcher press", "watcher drag", "watcher release")) << "it was elsewhere meanwhile";
}

TEST_F(ToolManagerTest, AsksTheActiveToolFirstAndNoLongerOnceItIsGone) {
  addStanding("standing", true);
  activate("active", true);
  EXPECT_EQ(tools.active()->name(), "active");
  EXPECT_EQ(tools.cursor()->shape(), Qt::CrossCursor);
  (void)press({10, 10});
  (void)release({10, 10});
  EXPECT_THAT(taken(), ElementsAre("active press", "active click"));
  EXPECT_TRUE(tools.cancel());
  EXPECT_EQ(tools.active(), nullptr);
  EXPECT_FALSE(tools.cursor());
  (void)press({10, 10});
  EXPECT_THAT(taken(), ElementsAre("standing press"));
}

TEST_F(ToolManagerTest, CancelGivesUpTheGestureBeforeTheTool) {
  activate("active", true);
  (void)press({10, 10});
  EXPECT_TRUE(tools.cancel());
  EXPECT_THAT(taken(), ElementsAre("active press", "active cancel"));
  EXPECT_NE(tools.active(), nullptr);
  EXPECT_FALSE(release({40, 10})) << "the rest of the gesture is nobody's";
  EXPECT_THAT(taken(), IsEmpty());
  EXPECT_TRUE(tools.cancel());
  EXPECT_FALSE(tools.cancel());
}

TEST_F(ToolManagerTest, AToolThatIsReplacedWhileItDrawsIsCancelled) {
  activate("one", true);
  (void)press({10, 10});
  activate("other", true);
  EXPECT_THAT(taken(), ElementsAre("one press", "one cancel"));
  EXPECT_FALSE(release({10, 10}));
}

TEST_F(ToolManagerTest, AControlOfTheViewHasItsPressesToItself) {
  addStanding("taker", true);
  EXPECT_FALSE(press({60, 60}));
  EXPECT_FALSE(release({60, 60}));
  EXPECT_THAT(taken(), IsEmpty());
}

TEST_F(ToolManagerTest, AnotherButtonDoesNotDisturbAGesture) {
  addStanding("taker", true);
  (void)press({10, 10});
  EXPECT_TRUE(press({10, 10}, Qt::RightButton)) << "nor does it move the camera";
  EXPECT_TRUE(release({10, 10}, Qt::RightButton));
  EXPECT_TRUE(release({20, 10}));
  EXPECT_THAT(taken(), ElementsAre("taker press", "taker release"));
}

TEST_F(ToolManagerTest, GivesKeysAndLeavingToAllAndPaintsTheActiveToolOnTop) {
  addStanding("standing", false);
  activate("active", false);
  taken();
  EXPECT_TRUE(tools.key(view, QKeyEvent(QEvent::KeyPress, Qt::Key_X, {})));
  EXPECT_FALSE(tools.key(view, QKeyEvent(QEvent::KeyPress, Qt::Key_Y, {})));
  tools.leave(view);
  EXPECT_THAT(taken(), ElementsAre("active key", "active key", "standing key", "active leave", "standing leave"));
  QImage image(10, 10, QImage::Format_RGB32);
  QPainter painter(&image);
  tools.paint(view, painter);
  EXPECT_THAT(taken(), ElementsAre("standing paint", "active paint"));
}

struct StandingToolsTest : ToolManagerTest {
  StandingToolsTest() {
    document.setScene(testing::patchScene());
    tools.addStanding(std::make_unique<RectangleTool>(document));
    tools.addStanding(std::make_unique<PlaceTool>(document.link(), places));
  }
  Document document;
  PlaceFinder places{document};
};

TEST_F(StandingToolsTest, CtrlAndADragSelectWhatTheRectangleShowsAndShiftAdds) {
  EXPECT_FALSE(press({12, 12})) << "without Ctrl it turns the view";
  (void)release({12, 12});
  EXPECT_TRUE(press({28, 18}, Qt::LeftButton, Qt::ControlModifier));
  EXPECT_TRUE(move({12, 12}));
  EXPECT_GT(view.num_repaints, 0);
  EXPECT_TRUE(release({12, 12}));
  EXPECT_THAT(document.selection().points(), ElementsAre(11, 12));
  (void)press({2, 2}, Qt::LeftButton, Qt::ControlModifier);
  (void)move({8, 8});
  (void)release({8, 8}, Qt::LeftButton, Qt::ShiftModifier);
  EXPECT_THAT(document.selection().points(), ElementsAre(0, 11, 12));
}

TEST_F(StandingToolsTest, ARectangleIsPaintedWhileItIsDrawnAndCanBeGivenUp) {
  QImage image(100, 100, QImage::Format_RGB32);
  const auto painted = [&] {
    image.fill(Qt::black);
    QPainter painter(&image);
    tools.paint(view, painter);
    return image.pixelColor(20, 20) != Qt::black || image.pixelColor(10, 20) != Qt::black;
  };
  (void)press({10, 10}, Qt::LeftButton, Qt::ControlModifier);
  (void)move({40, 40});
  EXPECT_TRUE(painted());
  EXPECT_TRUE(tools.cancel());
  EXPECT_FALSE(painted());
  EXPECT_TRUE(document.selection().isEmpty());
}

TEST_F(StandingToolsTest, ThePlaceUnderThePointerIsHoveredAndAClickSelectsIt) {
  (void)move({20, 30}, Qt::NoButton);
  ASSERT_TRUE(document.link().hovered());
  EXPECT_EQ(document.link().hovered()->position_m, Eigen::Vector3f(20, 30, 0));
  (void)press({20, 30});
  (void)move({21, 30});
  EXPECT_FALSE(document.link().hovered()) << "the camera may turn";
  (void)release({21, 30});
  ASSERT_TRUE(document.link().selected());
  EXPECT_EQ(document.link().selected()->position_m, Eigen::Vector3f(21, 30, 0));
  (void)move({20, 30}, Qt::NoButton);
  tools.leave(view);
  EXPECT_FALSE(document.link().hovered());
  (void)move({60, 60}, Qt::NoButton);
  EXPECT_FALSE(document.link().hovered()) << "a control is there, not the scan";
}

}  // namespace
}  // namespace tagscape
