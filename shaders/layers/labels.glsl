// The class that the project gives the point.
int layerRow(vec2 range) { return a_label == NO_CLASS ? kNothing : int(a_label); }
