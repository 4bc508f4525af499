// Whether and why the current frame sees the point: a Visibility.
int layerRow(vec2 range) { return int(a_visibility); }
