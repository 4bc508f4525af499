// The segment of the point, as one of many colours.
int layerRow(vec2 range) { return int(a_segment); }
