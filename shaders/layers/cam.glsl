// The 3D CAM of the class.
int layerRow(vec2 range) { return camRow(a_cam, range); }
