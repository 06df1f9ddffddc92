package dev.weft.agent.config;

import static java.util.Objects.requireNonNull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Each key with its value: the defaults, until something else is put in.
final class Settings {
    private final Map<String, Setting<?>> byName = new LinkedHashMap<>();

    Settings() {
        for (var key : Keys.ALL) {
            put(key.byDefault());
        }
    }

    void put(Setting<?> setting) {
        byName.put(setting.name(), setting);
    }

    @SuppressWarnings("unchecked") // put() keeps each under its own name
    <T> Setting<T> of(Key<T> key) {
        return (Setting<T>) requireNonNull(byName.get(key.name()));
    }

    private <T> T value(Key<T> key) {
        return of(key).value();
    }

    List<Setting<?>> all() {
        return List.copyOf(byName.values());
    }

    Configuration configuration() {
        return new Configuration(
                value(Keys.SOCKET),
                value(Keys.ADMIN_SOCKET),
                value(Keys.STATE),
                value(Keys.FABRIC),
                value(Keys.LOG_LEVEL),
                value(Keys.SCOPE),
                value(Keys.DOCKER_SOCKET),
                value(Keys.START_MISSED_CONTAINERS),
                value(Keys.COLLECT_AFTER),
                value(Keys.GATEWAY_BRIDGE_POOLS),
                value(Keys.LOCAL_POOLS),
                value(Keys.GLOBAL_POOLS),
                value(Keys.RECONCILE_INTERVAL),
                cluster());
    }

    private Optional<ClusterConfiguration> cluster() {
        var store = value(Keys.STORE);
        return store.isEmpty()
                ? Optional.empty()
                : Optional.of(new ClusterConfiguration(
                        store,
                        value(Keys.STORE_PREFIX),
                        value(Keys.STORE_CA),
                        value(Keys.STORE_CERTIFICATE),
                        value(Keys.STORE_KEY),
                        value(Keys.STORE_USER),
                        value(Keys.STORE_PASSWORD_FILE),
                        value(Keys.ADVERTISE),
                        value(Keys.VXLAN_PORT)));
    }
}
