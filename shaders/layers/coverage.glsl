// Who labelled the point: nobody (row 0), a machine (row 1) or a person (row 2).
int layerRow(vec2 range) { return int(a_coverage); }
