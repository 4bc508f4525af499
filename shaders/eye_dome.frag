#version 330 core
// Darkens pixels whose neighbours are nearer, so that shapes show without normals or lights.
// Source: Boucheny, Interactive scientific visualization of large datasets (2009), eye-dome lighting.
// Companion: background.vert.

in float v_height;
uniform sampler2D u_color;
uniform sampler2D u_depth;   // 0 near … 1 far, not linear
uniform vec4 u_lens;         // near and far plane, m; radius, px; strength
out vec4 o_color;

// Logarithm of the distance in metres, so that the same relative step counts the same anywhere.
float logDistance(ivec2 pixel) {
  float depth = texelFetch(u_depth, clamp(pixel, ivec2(0), textureSize(u_depth, 0) - 1), 0).r;
  float near = u_lens.x, far = u_lens.y;
  return log2(2. * near * far / (far + near - (2. * depth - 1.) * (far - near)));
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  vec4 color = texelFetch(u_color, pixel, 0);
  float here = logDistance(pixel), step = 0.;
  int radius = max(1, int(u_lens.z + .5));
  for (int i = 0; i < 8; ++i) {
    float angle = float(i) * .78539816;
    ivec2 offset = ivec2(round(vec2(cos(angle), sin(angle)) * float(radius)));
    step += max(0., here - logDistance(pixel + offset));
  }
  bool is_background = texelFetch(u_depth, pixel, 0).r >= 1.;
  float light = is_background ? 1. : exp(-step / 8. * u_lens.w);
  o_color = vec4(color.rgb * light, color.a);
}
