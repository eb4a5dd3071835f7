// The page that tries the API: nothing of it comes from, or goes to, anywhere else.
Scalar.createApiReference("#api", { url: "/openapi/v1.json", withDefaultFonts: false, telemetry: false, showDeveloperTools: "never", hideClientButton: true, agent: { disabled: true }, mcp: { disabled: true } });
