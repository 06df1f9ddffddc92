package dev.weft.system;

import dev.weft.lab.DockerHosts;

/// The same on the oldest engine.
@DockerHosts(value = 1, engine = "20.10")
class S153DifferentialOnOldEngineTest extends S152DifferentialTest {}
