#version 330 core
// Fills a triangle with the colour of its corners, lit a little from the eye so that shapes can be read. Classes are not
// blended between corners: a mixture of two class colours would look like a third class. Companion: points.vert, with
// the same names defined.

flat in vec4 v_color;
flat in uint v_hidden;
in vec3 v_smooth_rgb;
in vec3 v_position;

uniform bool u_is_flat;   // one colour a triangle
uniform bool u_is_lit;    // a scan's own colours hold the light of the room already
uniform vec3 u_eye;       // m, world frame
uniform vec3 u_box_low;   // as in points.vert
uniform vec3 u_box_high;
uniform vec4 u_plane;

layout(location = 0) out vec4 o_color;
layout(location = 1) out uint o_id;  // number of the triangle + 1

void main() {
  if (v_hidden == 1u) discard;
#if CLIPS
  if (any(lessThan(v_position, u_box_low)) || any(greaterThan(v_position, u_box_high))) discard;
  if (dot(u_plane, vec4(v_position, 1.)) < 0.) discard;
#endif
  vec3 normal = normalize(cross(dFdx(v_position), dFdy(v_position)));
  float facing = abs(dot(normal, normalize(u_eye - v_position)));
  float light = u_is_lit ? mix(.82, 1., facing) : mix(.55, 1., facing);
  o_color = vec4((u_is_flat ? v_color.rgb : v_smooth_rgb) * light, 1.);
  o_id = uint(gl_PrimitiveID) + 1u;
}
