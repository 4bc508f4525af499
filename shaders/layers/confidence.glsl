// The predicted class's share of the CAMs, 0 … 255 for 0 … 1.
int layerRow(vec2 range) { return a_prediction == NO_CLASS ? kNothing : heatRow(float(a_confidence) / 255., range); }
