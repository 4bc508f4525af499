#version 330 core
// Fills a triangle with the colour of its corners, lit a little from the eye so that shapes can be read. Classes are not
// blended between corners: a mixture of two class colours would look like a third class. Companion: points.vert.

flat in vec4 v_color;
in vec3 v_smooth_rgb;
in vec3 v_position;

uniform int u_coloring;  // as in points.vert
uniform vec3 u_eye;      // m, world frame

out vec4 o_color;

void main() {
  vec3 normal = normalize(cross(dFdx(v_position), dFdy(v_position)));
  float facing = abs(dot(normal, normalize(u_eye - v_position)));
  // A scan's own colours hold the light of the room already.
  float light = u_coloring == 0 ? mix(.82, 1., facing) : mix(.55, 1., facing);
  o_color = vec4((u_coloring == 2 ? v_color.rgb : v_smooth_rgb) * light, 1.);
}
