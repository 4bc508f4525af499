#pragma once

class QAction;

namespace tagscape {

/// Actions of the View menu that need a working 3D view.
struct ViewActions {
  QAction* top = nullptr;
  QAction* front = nullptr;
  QAction* side = nullptr;
  QAction* isometric = nullptr;
  QAction* copy_view = nullptr;
  QAction* paste_view = nullptr;
  QAction* cut = nullptr;
  QAction* picture = nullptr;
};

/// Actions of the window that are not always enabled. Each is created with its menu.
struct WindowActions {
  QAction* export_labels = nullptr;
  QAction* import_labels = nullptr;
  QAction* save_view_picture = nullptr;
  QAction* fit = nullptr;
  ViewActions view;

  QAction* previous_frame = nullptr;
  QAction* next_frame = nullptr;
  QAction* first_frame = nullptr;
  QAction* last_frame = nullptr;
  QAction* previous_observing_frame = nullptr;
  QAction* next_observing_frame = nullptr;
  QAction* most_disagreeing = nullptr;
  QAction* toggle_scene_tag = nullptr;
  QAction* toggle_frame_tag = nullptr;
  QAction* reset_tags = nullptr;

  QAction* toggle_training = nullptr;
  QAction* stop_training = nullptr;
  QAction* predict_scene = nullptr;
  QAction* predict_frame = nullptr;
  QAction* cancel_prediction = nullptr;
};

}  // namespace tagscape
