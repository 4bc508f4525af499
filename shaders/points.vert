#version 330 core
// Places a vertex and colours it: its own colour, the heat of its value, or the colour of its class. Drawn as one sprite a
// point (points.frag, points_square.frag) or as the corners of triangles (mesh.frag). Drawn by ui/render/point_cloud_renderer.cpp.

layout(location = 0) in vec3 a_position;  // m, world frame
layout(location = 1) in vec4 a_rgba;      // sRGB, 0 … 1
layout(location = 2) in float a_value;    // CAM value 0 … 1, or a class index, -1 for none

uniform mat4 u_clip_from_world;
uniform int u_coloring;           // 0 own colour, 1 heat, 2 class
uniform float u_threshold;        // values below it keep a dimmed own colour
uniform float u_size_m;           // diameter of a point in the world
uniform float u_px_per_unit;      // device pixels that one unit covers at clip w = 1
uniform float u_max_size_px;
uniform vec3 u_heat[10];          // colours of values 0, 1/9, …, 1
uniform vec3 u_palette[20];       // colours of the classes

flat out vec4 v_color;            // a: 1 where the sprite is large enough to be cut round
out vec3 v_smooth_rgb;            // the same colour, for surfaces
out vec3 v_position;              // m, world frame

vec3 dimmed(vec3 rgb) { return mix(vec3(dot(rgb, vec3(.299, .587, .114))), rgb, .15) * .55 + .06; }

vec3 heat(float value) {
  float place = clamp(value, 0., 1.) * 9.;
  int low = min(int(place), 8);
  return mix(u_heat[low], u_heat[low + 1], place - float(low));
}

vec3 color() {
  if (u_coloring == 1) return a_value > 0. && a_value >= u_threshold ? heat(a_value) : dimmed(a_rgba.rgb);
  if (u_coloring == 2) return a_value >= 0. ? u_palette[int(a_value + .5)] : dimmed(a_rgba.rgb);
  return a_rgba.rgb;
}

void main() {
  gl_Position = u_clip_from_world * vec4(a_position, 1.);
  gl_PointSize = clamp(u_size_m * u_px_per_unit / max(gl_Position.w, 1e-4), 1., u_max_size_px);
  v_color = vec4(color(), gl_PointSize >= 4. ? 1. : 0.);
  v_smooth_rgb = v_color.rgb;
  v_position = a_position;
}
