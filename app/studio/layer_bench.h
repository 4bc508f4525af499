#pragma once

#include "ui/view3d/scene_view.h"

#include <QElapsedTimer>
#include <QObject>
#include <QTimer>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace tagscape {

/// Measures the time from a change of layer, class or threshold to the first displayed frame with it, and to the
/// complete picture. Prints one JSON line.
class LayerBench : public QObject {
  Q_OBJECT

 public:
  LayerBench(Document& document, SceneView& view, QObject* parent);
  void start();

 Q_SIGNALS:
  void finished();

 private:
  struct Step {
    std::string name;
    std::function<void()> change;
  };
  void next();
  void frameShown();
  void print() const;

  Document& document_;
  SceneView& view_;
  std::vector<Step> steps_;
  std::size_t done_ = 0;
  bool is_waiting_ = false;  ///< For the first frame.
  QElapsedTimer clock_;
  QTimer settle_;
  std::map<std::string, std::vector<double>> first_s_;
  std::map<std::string, std::vector<double>> complete_s_;
};

}  // namespace tagscape
