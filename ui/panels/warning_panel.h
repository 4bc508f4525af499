#pragma once

#include "ui/models/warning_model.h"

#include <QWidget>

namespace tagscape {

/// The warnings about the scene; rows can be copied with Ctrl+C.
class WarningPanel : public QWidget {
  Q_OBJECT

 public:
  explicit WarningPanel(const Document& document, QWidget* parent = nullptr);

 private:
  WarningModel model_;
};

}  // namespace tagscape
