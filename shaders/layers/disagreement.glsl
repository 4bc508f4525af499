// |lifted 2D CAM - 3D CAM|, where either is above 0.
int layerRow(vec2 range) {
  if (a_lifted == UNSEEN_VALUE || max(a_lifted, a_cam) == 0u) return kNothing;
  return heatRow(abs(float(a_lifted) - float(a_cam)) / FULL_VALUE, range);
}
