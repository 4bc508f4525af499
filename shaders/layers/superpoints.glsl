// The superpoint of the point, as one of 256 colours.
int layerRow(vec2 range) { return int(a_superpoint); }
