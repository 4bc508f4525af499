#version 330 core
// Places a point and colours it by one layer or by two of them mixed. Drawn as one sprite a point (points.frag,
// points_square.frag) or as the corners of triangles (mesh.frag). Drawn by ui/render/point_cloud_renderer.cpp, which
// compiles it once for every choice of layers and of what may be cut off or hidden, so that nothing is computed that is
// not shown (ui/render/point_shaders.h). The numbers in capitals come from there.

layout(location = 0) in vec3 a_position;     // m, world frame
layout(location = 1) in vec3 a_rgb;          // sRGB, 0 … 1
layout(location = 2) in uint a_truth;        // class, NO_CLASS for none

layout(std140) uniform Tables {
  vec4 u_table_a[NUM_TABLE_ROWS];            // sRGB of every row of a layer; a: 0 where nothing is to be shown
  vec4 u_table_b[NUM_TABLE_ROWS];
};

uniform mat4 u_clip_from_world;
uniform vec2 u_range_a;                      // value of row 0, and rows that one unit covers
uniform vec2 u_range_b;
uniform float u_threshold;                   // CAM values below it keep a dimmed own colour
uniform float u_blend;                       // part of the other layer
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

const int kNothing = -1;                     // The layer shows nothing here: a dimmed own colour.
const int kOwnColor = -2;

vec3 dimmed(vec3 rgb) { return mix(vec3(dot(rgb, vec3(.299, .587, .114))), rgb, .15) * .55 + .06; }

int heatRow(float value, vec2 range) { return int(clamp((value - range.x) * range.y, 0., 255.) + .5); }

int camRow(uint raw, vec2 range) {
  float value = float(raw) / FULL_VALUE;
  return raw == UNSEEN_VALUE || raw == 0u || value < u_threshold ? kNothing : heatRow(value, range);
}

// The columns of the layers, and rowOfA(range) and rowOfB(range): a row of the layer's table, NO_VALUE_ROW, kNothing or
// kOwnColor; from shaders/layers.
#pragma parts

vec3 rowColor(int row, vec4 color) {
  if (row == kOwnColor) return a_rgb;
  return row == kNothing || color.a == 0. ? dimmed(a_rgb) : color.rgb;
}

vec3 layerColorA() {
  int row = rowOfA(u_range_a);
  return rowColor(row, u_table_a[max(row, 0)]);
}

#if HAS_OTHER_LAYER
vec3 layerColorB() {
  int row = rowOfB(u_range_b);
  return rowColor(row, u_table_b[max(row, 0)]);
}
#endif

bool isHidden() {
#if HIDES_TRUTH
  return a_truth < NUM_CLASSES && (u_hidden >> a_truth & 1u) == 1u;
#elif HIDES_PREDICTION
  return a_prediction < NUM_CLASSES && (u_hidden >> a_prediction & 1u) == 1u;
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
  vec3 color = layerColorA();
#if HAS_OTHER_LAYER
  color = mix(color, layerColorB(), u_blend);
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
