import FastCGI
import Jobs
import KreaAPI
import Logging
import Logs
import Pictures
import Web

/// Every setting of the service.
///
/// The bounds on the pace do not apply to a simulator on this machine, where a job can then be watched from start to end in seconds.
enum Settings {
    static let server = Setting(
        variable: "KREA_API_URL", purpose: "the address of Krea's API; another host is for the simulator",
        fallback: "https://api.krea.ai", allowed: "an https address, or an http address of this machine",
        parse: { try? KreaServer($0) })

    /// Nil, the default, means descriptor 0 if it is a listening socket, else the Unix socket.
    static let listen = Setting<ListenAddress?>(
        variable: "KREA_FCGI_LISTEN", purpose: "where the web server connects",
        fallback: "", allowed: "unix:PATH, or 127.0.0.1:PORT or another loopback address with a port",
        parse: { text in text.isEmpty ? .some(nil) : (try? ListenAddress(parsing: text)).map(Optional.some) })

    /// Nil, the default, means no status.
    static let statusListen = Setting<ListenAddress?>(
        variable: "KREA_FCGI_STATUS_LISTEN", purpose: "where the status and the metrics are served; not set, nowhere",
        fallback: "", allowed: "unix:PATH, or 127.0.0.1:PORT or another loopback address with a port",
        parse: { text in text.isEmpty ? .some(nil) : (try? ListenAddress(parsing: text)).map(Optional.some) })

    /// Nil, the default, means that Krea is not asked to call. The same rules hold as for Krea's address.
    static let publicURL = Setting<String?>(
        variable: "KREA_FCGI_PUBLIC_URL", purpose: "the public address of this service, which Krea calls when a job has ended",
        fallback: "", allowed: "an https address with the mount point, or an http address of this machine",
        parse: { text in
            guard !text.isEmpty else { return .some(nil) }
            guard text.utf8.allSatisfy({ (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "%") }), let server = try? KreaServer(text)
            else { return nil }
            return server.origin + server.prefix
        })

    static let store = Setting(
        variable: "KREA_FCGI_STORE", purpose: "the file that keeps the jobs",
        fallback: "/var/lib/krea-fcgi/jobs.sqlite", allowed: "an absolute path",
        parse: { $0.hasPrefix("/") && !$0.hasSuffix("/") ? $0 : nil })

    /// Nil, the default, means that pictures are shown from Krea's hosts only.
    static let images = Setting<String?>(
        variable: "KREA_FCGI_IMAGES", purpose: "the folder for copies of the pictures; not set, none are made",
        fallback: "", allowed: "the absolute path of a writable folder that exists",
        parse: { text in
            guard !text.isEmpty else { return .some(nil) }
            let path = text.hasSuffix("/") ? String(text.dropLast()) : text
            return path.hasPrefix("/") && PictureFolder.isUsable(path) ? .some(path) : .none
        })

    /// Nil, the default, means that programs need no key.
    static let keyFile = Setting<String?>(
        variable: "KREA_FCGI_API_KEYS_FILE", purpose: "the file of API keys; not set, programs need no key",
        fallback: "", allowed: "an absolute path",
        parse: { text in text.isEmpty ? .some(nil) : text.hasPrefix("/") && !text.hasSuffix("/") ? .some(text) : nil }
    ).reloadable

    static let requireUser = Setting<Bool>(
        variable: "KREA_FCGI_REQUIRE_USER", purpose: "whether only users of the web server and programs with a key are served",
        fallback: "no", allowed: "yes or no", parse: { ["yes": true, "no": false][$0] }
    ).reloadable

    static let threads = Setting.count(
        "KREA_FCGI_THREADS", "how many requests are answered at the same time", fallback: "16", within: 1...512)

    static let queueLimit = Setting.count(
        "KREA_FCGI_QUEUE_LIMIT", "how many jobs may wait in all", fallback: "500", within: 1...1_000_000
    ).reloadable

    static let queueLimitPerClient = Setting.count(
        "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT", "how many jobs of one client may wait", fallback: "20", within: 1...1_000_000
    ).reloadable

    /// Nil, the default, means any number.
    static let dailyLimit = Setting<Int?>(
        variable: "KREA_FCGI_DAILY_LIMIT", purpose: "how many pictures one client may request in a day; 0 for any number",
        fallback: "0", allowed: "a whole number from 0 to 1000000",
        parse: { text in Int(text).flatMap { (0...1_000_000).contains($0) ? .some($0 == 0 ? nil : $0) : .none } }
    ).reloadable

    /// Nil, the default, means no limit.
    static let dailySpend = Setting<Money?>(
        variable: "KREA_FCGI_DAILY_SPEND_LIMIT_USD", purpose: "how much may be paid to Krea in a day for all clients; 0 for no limit",
        fallback: "0", allowed: "a number of US dollars from 0 to 1000000",
        parse: { text in money(text, upTo: 1_000_000).map { $0 == .zero ? nil : $0 } }
    ).reloadable

    static let assumedPrice = Setting<Money>(
        variable: "KREA_FCGI_ASSUMED_PRICE_USD", purpose: "the assumed price of a picture with an unknown price",
        fallback: "0.1", allowed: "a number of US dollars from 0 to 1000", parse: { money($0, upTo: 1000) }
    ).reloadable

    private static func money(_ text: String, upTo most: Double) -> Money? {
        Double(text).flatMap { (0...most).contains($0) ? Money(usd: $0) : nil }
    }

    static let keepDays = Setting.count(
        "KREA_FCGI_KEEP_DAYS", "after how many days a finished job is removed", fallback: "30", within: 1...3650)

    static func webhookHosts(simulated: Bool) -> Setting<WebhookHosts> {
        Setting(
            variable: "KREA_FCGI_WEBHOOK_HOSTS", purpose: "the hosts that may receive webhooks; not set, none",
            fallback: "", allowed: "host names separated by commas, .example.org for all below example.org",
            parse: { $0.isEmpty ? WebhookHosts.none : WebhookHosts($0, simulated: simulated) }
        ).reloadable
    }

    static func resultHosts(simulated: Bool) -> Setting<HostList> {
        Setting(
            variable: "KREA_FCGI_RESULT_HOSTS", purpose: "the hosts besides Krea's own from which pictures are shown and fetched",
            fallback: "", allowed: "host names separated by commas, .example.org for all below example.org",
            parse: { $0.isEmpty ? HostList.none : HostList($0, simulated: simulated) }
        ).reloadable
    }

    static let corsOrigins = origins("KREA_FCGI_CORS_ORIGINS", "the web sites whose scripts may use the API; not set, none")

    static let embedOrigins = origins(
        "KREA_FCGI_EMBED_ORIGINS", "the web sites that may show the form in a frame; not set, none")

    private static func origins(_ variable: String, _ purpose: String) -> Setting<Origins> {
        Setting(
            variable: variable, purpose: purpose, fallback: "",
            allowed: "origins like https://example.org separated by commas; http only for this machine",
            parse: { $0.isEmpty ? Origins.none : Origins($0) }
        ).reloadable
    }

    static let logLevel = Setting(
        variable: "KREA_FCGI_LOG_LEVEL", purpose: "how much is logged",
        fallback: "info", allowed: "one of \(Logger.Level.allCases.map(\.rawValue).joined(separator: ", "))",
        parse: { Logger.Level(rawValue: $0.lowercased()) }
    ).reloadable

    /// Nil, the default, chooses the format by the destination.
    static let logFormat = Setting<LogFormat?>(
        variable: "KREA_FCGI_LOG_FORMAT",
        purpose: "the format of the log; auto is journal if it goes to the journal, else text",
        fallback: "auto", allowed: "auto, text, journal or json",
        parse: { $0 == "auto" ? .some(nil) : LogFormat(rawValue: $0).map(Optional.some) }
    ).reloadable

    static let slowRequest = Setting.seconds(
        "KREA_FCGI_SLOW_REQUEST_SECONDS", "the duration of a request that is worth a warning", fallback: "1", within: 0.001...3600
    ).reloadable

    static func submitInterval(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_SUBMIT_INTERVAL_SECONDS", "the time from the end of one submission to the start of the next",
            fallback: "10", within: simulated ? nil : 10...3600)
    }

    static func pollInterval(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_POLL_INTERVAL_SECONDS", "the time from the end of one poll of a job to the start of its next",
            fallback: "6", within: simulated ? nil : 5...8)
    }

    static func maxPolls(simulated: Bool) -> Setting<Int> {
        .count("KREA_FCGI_MAX_POLLS", "how often a job is polled at most", fallback: "40", within: 1...(simulated ? 1_000_000 : 40))
    }

    static func rateLimitPause(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_RATE_LIMIT_PAUSE_SECONDS", "how long no call is made after a 429",
            fallback: "30", within: simulated ? nil : 30...3600)
    }

    static func pollRateLimitPause(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_POLL_RATE_LIMIT_PAUSE_SECONDS", "how long a poll waits after it got a 429",
            fallback: "60", within: simulated ? nil : 60...3600)
    }

    static func requestTimeout(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_REQUEST_TIMEOUT_SECONDS", "how long one call to Krea may take as a whole",
            fallback: "30", within: simulated ? nil : 1...300)
    }

    static func reconcileAfter(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_RECONCILE_AFTER_SECONDS", "how long after a lost answer Krea's list can prove that a job never arrived",
            fallback: "30", within: simulated ? nil : 30...3600)
    }

    static func creditPause(simulated: Bool) -> Setting<Duration> {
        .seconds(
            "KREA_FCGI_CREDIT_PAUSE_SECONDS", "how long a 402 holds the queue",
            fallback: "300", within: simulated ? nil : 1...86_400)
    }
}
