#version 330 core
// Companion: lines.vert.

uniform vec4 u_color;  // sRGB and opacity, 0 … 1
out vec4 o_color;

void main() { o_color = u_color; }
