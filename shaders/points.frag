#version 330 core
// Fills the disc of a point. Companion: points.vert.

flat in vec4 v_color;
flat in uint v_id;
layout(location = 0) out vec4 o_color;
layout(location = 1) out uint o_id;  // Dropped where the framebuffer has no place for it.

void main() {
  vec2 from_centre = gl_PointCoord * 2. - 1.;
  if (v_color.a > .5 && dot(from_centre, from_centre) > 1.) discard;
  o_color = vec4(v_color.rgb, 1.);
  o_id = v_id;
}
