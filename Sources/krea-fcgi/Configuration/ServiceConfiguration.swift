import FastCGI
import FoundationEssentials
import Glibc
import Jobs
import KreaAPI
import Logging
import Logs
import Web
import Webhooks

/// The checked values of all settings, with a line about each for people.
struct ServiceConfiguration: Sendable {
    let token: KreaToken?
    let server: KreaServer
    let listen: ListenAddress?
    /// The address of the status; nil for no status.
    let statusListen: ListenAddress?
    /// The proxy for calls to Krea and fetches of pictures; nil for none.
    let proxy: OutgoingProxy?
    /// The service's public address, without a trailing slash; nil if Krea is not asked to call it.
    let publicURL: String?
    /// The hosts besides Krea's own that may serve pictures.
    let resultHosts: HostList
    /// The hosts that may receive webhook messages.
    let webhookHosts: WebhookHosts
    /// The secret for webhook messages; never nil if there are hosts.
    let webhookSecret: WebhookSecret?
    /// The secret for addresses of pictures; nil if addresses are not signed.
    let signingSecret: SigningSecret?
    /// The web sites whose pages may use the API.
    let corsOrigins: Origins
    /// The web sites that may show the form in a frame.
    let embedOrigins: Origins
    let storePath: String
    /// The folder for copies of the pictures; nil for no copies.
    let imagesPath: String?
    /// The file of API keys; nil if programs need none.
    let keyFilePath: String?
    /// Whether only users and programs with a key are served.
    let requiresUser: Bool
    let threads: Int
    let rules: PaceRules
    let limits: QueueLimits
    /// How many days a finished job is kept.
    let keepDays: Int
    let logLevel: Logger.Level
    /// The format of the log; nil to choose it by the destination.
    let logFormat: LogFormat?
    /// The duration of a request that is worth a warning.
    let slowRequest: Duration
    /// One line for each setting.
    let lines: [SettingLine]
    /// The source of the settings.
    let source: ConfigurationSource

    /// Reads and checks every setting.
    ///
    /// - Throws: ``InvalidSetting`` for the first invalid one.
    init(_ source: ConfigurationSource) throws(InvalidSetting) {
        var lines: [SettingLine] = []
        func value<Value>(_ setting: Setting<Value>) throws(InvalidSetting) -> Value {
            let (value, line) = try setting.read(source)
            lines.append(line)
            return value
        }
        token = try Token.read(source)
        lines.append(Token.line(token, source))
        server = try value(Settings.server)
        proxy = try OutgoingProxy(source.environment, for: server)
        listen = try value(Settings.listen)
        statusListen = try value(Settings.statusListen)
        publicURL = try value(Settings.publicURL)
        storePath = try value(Settings.store)
        imagesPath = try value(Settings.images)
        keyFilePath = try value(Settings.keyFile)
        requiresUser = try value(Settings.requireUser)
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
        limits.daily.pictures = try value(Settings.dailyLimit)
        limits.daily.spend = try value(Settings.dailySpend)
        limits.daily.assumedPrice = try value(Settings.assumedPrice)
        self.limits = limits
        resultHosts = try value(Settings.resultHosts(simulated: simulated))
        webhookHosts = try value(Settings.webhookHosts(simulated: simulated))
        webhookSecret = try WebhookSigning.read(source, for: webhookHosts)
        lines.append(WebhookSigning.line(webhookSecret, source))
        signingSecret = try SigningSecret.read(source)
        lines.append(SigningSecret.line(signingSecret, source))
        corsOrigins = try value(Settings.corsOrigins)
        embedOrigins = try value(Settings.embedOrigins)
        keepDays = try value(Settings.keepDays)
        logLevel = try value(Settings.logLevel)
        logFormat = try value(Settings.logFormat)
        slowRequest = try value(Settings.slowRequest)
        self.lines = lines
        self.source = source
        let policySize = pageSettings.policySize
        guard policySize <= Application.Settings.fieldLimit else {
            throw InvalidSetting(
                description: """
                    \(Settings.embedOrigins.variable) names so many sites that pages get a header field of \(policySize) bytes, but more than \
                    \(Application.Settings.fieldLimit) are too many for a web server: name fewer.
                    """)
        }
    }

    /// The format of the log, with the default worked out.
    var logLineFormat: LogFormat {
        logFormat ?? LogFormat(environment: ProcessInfo.processInfo.environment, descriptor: STDERR_FILENO)
    }

    /// The names of all settings.
    static var names: Set<String> {
        get throws(InvalidSetting) {
            Set(try ServiceConfiguration(ConfigurationSource(environment: [:])).lines.map(\.variable) + Token.variables)
        }
    }

    /// Reads the file of API keys, if one is set. Throws ``UnusableKeyFile``.
    func openKeyFile(_ logger: Logger) throws(UnusableKeyFile) -> KeyFile? {
        guard let keyFilePath else { return nil }
        return try KeyFile(path: keyFilePath, logger: logger)
    }

    /// Whether a picture at this address may be shown and fetched.
    func mayShow(_ address: String) -> Bool { server.mayShow(address, also: resultHosts) }

    /// The address to listen on, with the default worked out: the inherited socket if there is one, else the Unix socket.
    var listenAddress: ListenAddress {
        listen ?? (ListeningSocket.isListening(descriptor: 0) ? .inherited : .unix(path: "/run/krea-fcgi/krea-fcgi.sock"))
    }
}
