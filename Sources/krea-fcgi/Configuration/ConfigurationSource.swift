import FoundationEssentials

/// The source of all settings: the environment, then the configuration file.
///
/// It may contain secrets: printing it prints "(hidden)".
struct ConfigurationSource: Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The source of one setting.
    enum Origin: Equatable, Sendable, CustomStringConvertible {
        case environment
        case file(path: String, line: Int)
        /// A file from the service manager.
        case credential
        case fallback

        var description: String {
            switch self {
            case .environment: "environment"
            case .file(let path, let line): "\(path):\(line)"
            case .credential: "credential"
            case .fallback: "default"
            }
        }
    }

    let environment: [String: String]
    let file: ConfigurationFile?

    /// An empty variable counts as not set and does not override the file.
    init(environment: [String: String], file: ConfigurationFile? = nil) {
        self.environment = environment.filter { !$0.value.isEmpty }
        self.file = file
    }

    /// Reads the file that the environment names, or the standard file if it exists.
    ///
    /// - Throws: ``InvalidSetting`` if a named file does not exist, or as ``ConfigurationFile/read(_:names:)`` does.
    static func read(_ environment: [String: String]) throws(InvalidSetting) -> ConfigurationSource {
        let names = try ServiceConfiguration.names
        let named = environment[ConfigurationFile.variable].flatMap { $0.isEmpty ? nil : $0 }
        guard named?.hasPrefix("/") ?? true else {
            throw InvalidSetting(description: "\(ConfigurationFile.variable) is \"\(named ?? "")\" but must be an absolute path.")
        }
        let file = try ConfigurationFile.read(named ?? ConfigurationFile.standardPath, names: names)
        if let named, file == nil {
            throw InvalidSetting(description: "\(ConfigurationFile.variable) is \"\(named)\", and there is no such file.")
        }
        return ConfigurationSource(environment: environment, file: file)
    }

    /// This source with the settings of these names from another.
    func taking(_ names: Set<String>, from other: ConfigurationSource) -> ConfigurationSource {
        func mix<Value>(_ own: [String: Value], _ others: [String: Value]) -> [String: Value] {
            own.filter { !names.contains($0.key) }.merging(others.filter { names.contains($0.key) }) { $1 }
        }
        let path = other.file?.path ?? file?.path
        return ConfigurationSource(
            environment: mix(environment, other.environment),
            file: path.map { ConfigurationFile(path: $0, entries: mix(file?.entries ?? [:], other.file?.entries ?? [:])) })
    }

    /// The source of this process.
    static func present() throws(InvalidSetting) -> ConfigurationSource {
        try read(ProcessInfo.processInfo.environment)
    }

    /// The text of a setting, from the environment or else the file; nil if it is not set or empty.
    func text(of variable: String) -> String? {
        environment[variable] ?? file?.entries[variable].flatMap { $0.value.isEmpty ? nil : $0.value }
    }

    func origin(of variable: String) -> Origin {
        if environment[variable] != nil { return .environment }
        if let file, let entry = file.entries[variable], !entry.value.isEmpty { return .file(path: file.path, line: entry.line) }
        return .fallback
    }

    /// "(hidden)"
    var description: String { "(hidden)" }
    /// "(hidden)"
    var debugDescription: String { description }
    /// Nothing inside.
    var customMirror: Mirror { Mirror(self, children: []) }
}
