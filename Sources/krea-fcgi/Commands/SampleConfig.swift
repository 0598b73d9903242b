import ArgumentParser

/// Writes a configuration file in which everything is explained and nothing set.
struct SampleConfig: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sample-config",
        abstract: "Writes a configuration file with every setting, its default and what is allowed, all of it commented out."
    )

    func run() throws {
        print(try Self.text(), terminator: "")
    }

    /// The file, made from what the settings say of themselves.
    static func text() throws -> String {
        let head = """
            # The configuration of krea-fcgi: \(ConfigurationFile.standardPath), or the file that \(ConfigurationFile.variable) names.
            #
            # A setting has the name of its environment variable, and the environment wins. After a change: `krea-fcgi check-config`, then
            # SIGHUP (`systemctl reload krea-fcgi`) or, for what is marked with (restart), a restart. Only the owner may be able to write
            # this file; if a secret is in it, nobody else should read it.

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
