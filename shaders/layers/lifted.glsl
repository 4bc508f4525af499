// The mean 2D CAM of the class over the frames that see the point.
int layerRow(vec2 range) { return camRow(a_lifted, range); }
