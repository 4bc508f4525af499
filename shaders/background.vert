#version 330 core
// One triangle that covers the view. Companion: background.frag. Drawn by ui/render/background_renderer.cpp.

out float v_height;  // 0 bottom … 1 top

void main() {
  vec2 corner = vec2(gl_VertexID == 1 ? 3. : -1., gl_VertexID == 2 ? 3. : -1.);
  v_height = corner.y * .5 + .5;
  gl_Position = vec4(corner, 1., 1.);
}
