// How many frames see the point; UNSEEN_VALUE where that is not known yet.
int layerRow(vec2 range) {
  if (a_observing_frames == UNSEEN_VALUE) return kNothing;
  return a_observing_frames == 0u ? NO_VALUE_ROW : heatRow(float(a_observing_frames), range);
}
