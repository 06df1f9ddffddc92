package dev.weft.system;

import dev.weft.lab.DockerHosts;
import dev.weft.lab.Host;
import java.io.IOException;

/// The same on the oldest engine.
@DockerHosts(value = 1, engine = "20.10")
class S301ExamplesOnOldEngineTest extends S300ExamplesTest {
    S301ExamplesOnOldEngineTest(Host host) throws IOException {
        super(host);
    }
}
