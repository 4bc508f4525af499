#version 330 core
// A calm vertical gradient. Companion: background.vert.

in float v_height;
uniform vec4 u_bottom;  // sRGB
uniform vec4 u_top;
out vec4 o_color;

void main() { o_color = vec4(mix(u_bottom.rgb, u_top.rgb, clamp(v_height, 0., 1.)), 1.); }
