#pragma once

#include <QOpenGLWidget>

namespace tagscape {

/// Makes the context of a widget current during its lifetime.
class CurrentContext {
 public:
  explicit CurrentContext(QOpenGLWidget& widget) : widget_(widget) { widget_.makeCurrent(); }
  ~CurrentContext() { widget_.doneCurrent(); }
  CurrentContext(const CurrentContext&) = delete;
  CurrentContext& operator=(const CurrentContext&) = delete;

 private:
  QOpenGLWidget& widget_;
};

}  // namespace tagscape
