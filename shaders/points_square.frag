#version 330 core
// Fills the square of a point: no discard, so that hidden fragments are skipped before they are shaded. Used while the
// camera moves. Companion: points.vert.

flat in vec4 v_color;
flat in uint v_id;
layout(location = 0) out vec4 o_color;
layout(location = 1) out uint o_id;

void main() {
  o_color = vec4(v_color.rgb, 1.);
  o_id = v_id;
}
