// Whether the prediction is right (row 0) or wrong (row 1).
int layerRow(vec2 range) {
  if (a_truth == NO_CLASS || a_prediction == NO_CLASS) return kNothing;
  return a_truth == a_prediction ? 0 : 1;
}
