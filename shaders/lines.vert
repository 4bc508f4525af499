#version 330 core
// Draws lines and faces of one colour. Companion: lines.frag. Drawn by ui/render/frustum_renderer.cpp.

layout(location = 0) in vec3 a_position;  // m, world frame
uniform mat4 u_clip_from_world;

void main() { gl_Position = u_clip_from_world * vec4(a_position, 1.); }
