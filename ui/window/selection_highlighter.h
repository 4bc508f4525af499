#pragma once

#include "ui/models/document.h"

#include <QObject>

namespace tagscape {

class FrameController;
class ImageCanvas;
class MarkerLayer;

/// Highlights the selected points in both views; in the image, those that pass the frame's depth test.
class SelectionHighlighter : public QObject {
  Q_OBJECT

 public:
  /// All must outlive this object.
  SelectionHighlighter(Document& document,
                       FrameController& frames,
                       MarkerLayer& scene_markers,
                       ImageCanvas& canvas,
                       QObject* parent = nullptr);

 Q_SIGNALS:
  /// A description of the selection; empty if there is none.
  void described(const QString& text);

 private:
  void highlight();

  Document& document_;
  FrameController& frames_;
  MarkerLayer& scene_markers_;
  ImageCanvas& canvas_;
};

}  // namespace tagscape
