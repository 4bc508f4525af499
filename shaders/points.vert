#version 330 core
// Places a point and colours it by one layer or by two of them mixed. Drawn as one sprite a point (points.frag,
// points_square.frag) or as the corners of triangles (mesh.frag). Drawn by ui/render/point_cloud_renderer.cpp, which
// compiles it once for every
//   LAYER_A, LAYER_B  a PointColoring of ui/render/point_style.h; LAYER_B -1 for none,
//   HIDES             0 nothing, 1 true classes, 2 predicted classes,
//   CLIPS             whether there is a clip box or plane,
//   IS_MESH           whether corners are drawn,
// so that nothing is computed that is not shown.

layout(location = 0) in vec3 a_position;     // m, world frame
layout(location = 1) in vec3 a_rgb;          // sRGB, 0 … 1
layout(location = 2) in uint a_truth;        // class, 255 for none
layout(location = 3) in uint a_prediction;   // class, 255 for none
layout(location = 4) in uint a_confidence;   // 0 … 255 for 0 … 1
layout(location = 5) in uint a_segment;      // row of its colour
layout(location = 6) in uint a_reason;       // Visibility, 255 for unknown
layout(location = 7) in uint a_cam;          // 0 … 65534 for 0 … 1
layout(location = 8) in uint a_lifted;       // the same, 65535 where no frame sees the point

layout(std140) uniform Tables {
  vec4 u_table_a[256];                       // sRGB of every row of a layer; a: 0 where nothing is to be shown
  vec4 u_table_b[256];
};

uniform mat4 u_clip_from_world;
uniform vec2 u_range_a;                      // value of row 0, and rows that one unit covers
uniform vec2 u_range_b;
uniform float u_threshold;                   // CAM values below it keep a dimmed own colour
uniform float u_blend;                       // part of layer B
uniform uint u_hidden;                       // bit c: points of class c are not drawn
uniform float u_size_m;                      // diameter of a point in the world,
uniform float u_size_px;                     // and on screen; one of them is 0
uniform float u_px_per_unit;                 // device pixels that one unit covers at clip w = 1
uniform float u_max_size_px;
uniform vec3 u_box_low;                      // m, world frame
uniform vec3 u_box_high;
uniform vec4 u_plane;                        // points with dot(plane, (p, 1)) < 0 are not drawn

flat out vec4 v_color;                       // a: 1 where the sprite is large enough to be cut round
flat out uint v_id;                          // place in the draw order + 1
#if IS_MESH
flat out uint v_hidden;                      // 1 where its class is hidden
#endif
out vec3 v_smooth_rgb;                       // the same colour, for surfaces
out vec3 v_position;                         // m, world frame

const int kNothing = -1;

vec3 dimmed(vec3 rgb) { return mix(vec3(dot(rgb, vec3(.299, .587, .114))), rgb, .15) * .55 + .06; }

int heatRow(float value, vec2 range) { return int(clamp((value - range.x) * range.y, 0., 255.) + .5); }

int camRow(uint raw, vec2 range) {
  float value = float(raw) / 65534.;
  return raw == 65535u || raw == 0u || value < u_threshold ? kNothing : heatRow(value, range);
}

int layerRow(int layer, vec2 range) {
  if (layer == 1) return int(a_truth);
  if (layer == 2) return int(a_prediction);
  if (layer == 3) return camRow(a_cam, range);
  if (layer == 4) return camRow(a_lifted, range);
  if (layer == 5) {
    if (a_lifted == 65535u || max(a_lifted, a_cam) == 0u) return kNothing;
    return heatRow(abs(float(a_lifted) - float(a_cam)) / 65534., range);
  }
  if (layer == 6) return a_prediction == 255u ? kNothing : heatRow(float(a_confidence) / 255., range);
  if (layer == 7) return int(a_reason);
  if (layer == 8) return max(a_truth, a_prediction) == 255u ? kNothing : (a_truth == a_prediction ? 0 : 1);
  if (layer == 9) return int(a_segment);
  return kNothing;
}

vec3 layerColor(int layer, vec2 range, bool is_second) {
  if (layer == 0) return a_rgb;
  int row = layerRow(layer, range);
  if (row == kNothing) return dimmed(a_rgb);
  vec4 color = is_second ? u_table_b[row] : u_table_a[row];
  return color.a > 0. ? color.rgb : dimmed(a_rgb);
}

bool isHidden() {
#if HIDES == 1
  return a_truth < 32u && (u_hidden >> a_truth & 1u) == 1u;
#elif HIDES == 2
  return a_prediction < 32u && (u_hidden >> a_prediction & 1u) == 1u;
#else
  return false;
#endif
}

bool isCutOff() {
#if CLIPS
  if (any(lessThan(a_position, u_box_low)) || any(greaterThan(a_position, u_box_high))) return true;
  return dot(u_plane, vec4(a_position, 1.)) < 0.;
#else
  return false;
#endif
}

void main() {
  gl_Position = u_clip_from_world * vec4(a_position, 1.);
  gl_PointSize = clamp(u_size_px + u_size_m * u_px_per_unit / max(gl_Position.w, 1e-4), 1., u_max_size_px);
  vec3 color = layerColor(LAYER_A, u_range_a, false);
#if LAYER_B >= 0
  color = mix(color, layerColor(LAYER_B, u_range_b, true), u_blend);
#endif
  v_color = vec4(color, gl_PointSize >= 4. ? 1. : 0.);
  v_id = uint(gl_VertexID) + 1u;
  v_smooth_rgb = color;
  v_position = a_position;
#if IS_MESH
  v_hidden = isHidden() ? 1u : 0u;
#else
  if (isHidden() || isCutOff()) gl_Position = vec4(2., 2., 2., 1.);  // Beside the view.
#endif
}
