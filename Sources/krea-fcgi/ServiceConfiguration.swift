import Configuration
import FastCGI
import Jobs
import KreaAPI
import Logging
import Web
import Webhooks

/// The values of all settings, checked, with a line about each for people.
struct ServiceConfiguration: Sendable {
    let token: KreaToken?
    let server: KreaServer
    let listen: ListenAddress?
    /// Where the status is served; nil where it is not.
    let statusListen: ListenAddress?
    /// Where the service is for the world, with no slash at the end; nil when Krea is not asked to call.
    let publicURL: String?
    /// Who may be told of a job's end.
    let webhookHosts: WebhookHosts
    /// What messages to them are signed with; never nil when there are hosts.
    let webhookSecret: WebhookSecret?
    /// What addresses of pictures are signed with; nil when there are none.
    let signingSecret: SigningSecret?
    /// The web sites whose pages may use the API.
    let corsOrigins: Origins
    /// The web sites that may show the form in a frame.
    let embedOrigins: Origins
    let storePath: String
    /// The folder of copies of the pictures; nil where none are made.
    let imagesPath: String?
    /// The file with the keys of programs; nil where programs need none.
    let keyFilePath: String?
    let threads: Int
    let rules: PaceRules
    let limits: QueueLimits
    /// How many days a finished job is kept.
    let keepDays: Int
    let logLevel: Logger.Level
    /// One line a setting: the variable, its value or "(hidden)", and whether it is the default.
    let lines: [String]

    /// Reads and checks every setting.
    ///
    /// - Throws: ``InvalidSetting`` for the first that is not allowed.
    init(_ reader: ConfigReader) throws(InvalidSetting) {
        var lines: [String] = []
        func value<Value>(_ setting: Setting<Value>) throws(InvalidSetting) -> Value {
            let (value, isSet) = try setting.read(reader)
            let text = reader.text(of: setting.variable) ?? setting.fallback
            lines.append("\(setting.variable) = \(text)\(isSet ? "" : " (default)")  # \(setting.purpose)")
            return value
        }
        token = try Token.read(reader)
        lines.append("\(Token.variables[0]) = \(token?.description ?? "(not set)")  # the API token of the Krea account")
        server = try value(Settings.server)
        listen = try value(Settings.listen)
        statusListen = try value(Settings.statusListen)
        publicURL = try value(Settings.publicURL)
        storePath = try value(Settings.store)
        imagesPath = try value(Settings.images)
        keyFilePath = try value(Settings.keyFile)
        threads = try value(Settings.threads)
        let simulated = server.isLoopback
        var rules = PaceRules()
        rules.submitInterval = try value(Settings.submitInterval(simulated: simulated))
        rules.pollInterval = try value(Settings.pollInterval(simulated: simulated))
        rules.maxPolls = try value(Settings.maxPolls(simulated: simulated))
        rules.rateLimitPause = try value(Settings.rateLimitPause(simulated: simulated))
        rules.pollRateLimitPause = try value(Settings.pollRateLimitPause(simulated: simulated))
        rules.requestTimeout = try value(Settings.requestTimeout(simulated: simulated))
        rules.reconcileAfter = try value(Settings.reconcileAfter(simulated: simulated))
        rules.creditPause = try value(Settings.creditPause(simulated: simulated))
        self.rules = rules
        var limits = QueueLimits()
        limits.total = try value(Settings.queueLimit)
        limits.perClient = try value(Settings.queueLimitPerClient)
        self.limits = limits
        webhookHosts = try value(Settings.webhookHosts(simulated: simulated))
        webhookSecret = try WebhookSigning.read(reader, for: webhookHosts)
        lines.append(
            "\(WebhookSigning.variable) = \(webhookSecret?.description ?? "(not set)")  # what messages to these hosts are signed with")
        signingSecret = try SigningSecret.read(reader)
        lines.append(
            "\(SigningSecret.variable) = \(signingSecret?.description ?? "(not set)")  # what addresses of pictures are signed with")
        corsOrigins = try value(Settings.corsOrigins)
        embedOrigins = try value(Settings.embedOrigins)
        keepDays = try value(Settings.keepDays)
        logLevel = try value(Settings.logLevel)
        self.lines = lines
    }

    /// Reads the file of the keys, if there is one. Throws ``UnusableKeyFile``.
    func openKeyFile(_ logger: Logger) throws(UnusableKeyFile) -> KeyFile? {
        guard let keyFilePath else { return nil }
        return try KeyFile(path: keyFilePath, logger: logger)
    }

    /// Where to listen, with the default worked out: the inherited socket if there is one, else the Unix socket.
    var listenAddress: ListenAddress {
        listen ?? (ListeningSocket.isListening(descriptor: 0) ? .inherited : .unix(path: "/run/krea-fcgi/krea-fcgi.sock"))
    }
}
