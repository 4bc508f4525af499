#version 330 core
// Places a ring around a point that a person points at or has chosen. Companion: markers.frag. Drawn by
// ui/render/marker_renderer.cpp.

layout(location = 0) in vec3 a_position;  // m, world frame
layout(location = 1) in vec4 a_color;     // sRGB, 0 … 1
uniform mat4 u_clip_from_world;
uniform float u_size_px;                  // device pixels
flat out vec4 v_color;

void main() {
  gl_Position = u_clip_from_world * vec4(a_position, 1.);
  gl_PointSize = u_size_px;
  v_color = a_color;
}
