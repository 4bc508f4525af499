#version 330 core
// A ring with a dark rim, readable on any ground. Companion: markers.vert.

flat in vec4 v_color;
out vec4 o_color;

void main() {
  float radius = length(gl_PointCoord * 2. - 1.);
  if (radius > 1. || radius < .55) discard;
  o_color = radius > .9 || radius < .65 ? vec4(0., 0., 0., 1.) : v_color;
}
