"""How people reach the agent. Connectors translate and deliver; they decide nothing."""
