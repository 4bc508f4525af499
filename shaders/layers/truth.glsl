// The annotated class.
int layerRow(vec2 range) { return int(a_truth); }
