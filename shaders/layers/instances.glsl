// The object that the point belongs to, as one of many colours.
int layerRow(vec2 range) { return a_instance == 0u ? kNothing : int(a_instance); }
