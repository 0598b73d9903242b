import ArgumentParser

/// Writes a configuration file that explains every setting and sets none.
struct SampleConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-config",
        abstract: "Writes a configuration file with every setting, its default and its allowed values, all commented out."
    )

    func run() throws {
        print(try Self.text(), terminator: "")
    }

    /// The text of the file, from the descriptions of the settings.
    static func text() throws -> String {
        let head = """
            # The configuration of krea-fcgi: \(ConfigurationFile.standardPath), or the file that \(ConfigurationFile.variable) names.
            #
            # A setting has the name of its environment variable. The environment overrides this file. After a change run
            # `krea-fcgi check-config`, then send SIGHUP (`systemctl reload krea-fcgi`) or, for settings marked (restart), restart the service.
            # Only the owner may have write access to this file. If it contains a secret, only the service should have read access.

            """
        let settings = try ServiceConfiguration(ConfigurationSource(environment: [:])).lines.map { line in
            """

            # \(line.purpose)\(line.isReloadable ? "" : " (restart)")
            # allowed: \(line.allowed)
            #\(line.variable) = \(line.fallback)

            """
        }
        return head + settings.joined()
    }
}
