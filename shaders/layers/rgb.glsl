// The colour of the scan.
int layerRow(vec2 range) { return kOwnColor; }
