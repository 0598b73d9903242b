import Jobs
@testable import KreaAPI
import Logging
import TestSupport
import Testing
import Web

@testable import krea_fcgi

/// Every setting: its default, both sides of its bounds, and the sentence about a value that is not allowed.
@Suite struct ServiceConfigurationTests {
    private func configuration(_ variables: [String: String]) throws -> ServiceConfiguration {
        try ServiceConfiguration(ConfigurationSource(environment: variables))
    }

    private static let simulator = "http://127.0.0.1:8081"

    @Test func `with nothing set the defaults are those of the brief, and there is no token`() throws {
        let configuration = try configuration([:])
        #expect(configuration.token == nil)
        #expect(configuration.server.origin == "https://api.krea.ai")
        #expect(configuration.rules == PaceRules())
        #expect(configuration.limits == QueueLimits())
        #expect(configuration.publicURL == nil)
        #expect(configuration.webhookHosts.isEmpty)
        #expect(configuration.webhookSecret == nil)
        #expect(configuration.corsOrigins.isEmpty)
        #expect(configuration.embedOrigins.isEmpty)
        #expect(configuration.signingSecret == nil)
        #expect(configuration.keepDays == 30)
        #expect(configuration.keyFilePath == nil)
        #expect(configuration.threads == 16)
        #expect(configuration.imagesPath == nil)
        #expect(configuration.storePath == "/var/lib/krea-fcgi/jobs.sqlite")
        #expect(configuration.logLevel == .info)
        #expect("\(configuration.listenAddress)" == "unix:/run/krea-fcgi/krea-fcgi.sock")
    }

    @Test(arguments: [
        ("KREA_API_URL", "http://api.krea.ai", "an https address, or an http address of this machine"),
        ("KREA_API_URL", "api.krea.ai", "an https address, or an http address of this machine"),
        ("KREA_FCGI_LISTEN", "0.0.0.0:9000", "unix:PATH, or 127.0.0.1:PORT or another loopback address with a port"),
        ("KREA_FCGI_LISTEN", ":9000", "unix:PATH, or 127.0.0.1:PORT or another loopback address with a port"),
        ("KREA_FCGI_PUBLIC_URL", "http://example.org/krea", "an https address with the mount point, or an http address of this machine"),
        ("KREA_FCGI_PUBLIC_URL", "example.org", "an https address with the mount point, or an http address of this machine"),
        ("KREA_FCGI_PUBLIC_URL", "https://example.org/a b", "an https address with the mount point, or an http address of this machine"),
        ("KREA_FCGI_STORE", "jobs.sqlite", "an absolute path"),
        ("KREA_FCGI_IMAGES", "pictures", "the absolute path of a writable folder that exists"),
        ("KREA_FCGI_IMAGES", "/nowhere/pictures", "the absolute path of a writable folder that exists"),
        ("KREA_FCGI_IMAGES", "/proc/version", "the absolute path of a writable folder that exists"),
        ("KREA_FCGI_API_KEYS_FILE", "keys", "an absolute path"),
        ("KREA_FCGI_THREADS", "0", "a whole number from 1 to 512"),
        ("KREA_FCGI_THREADS", "513", "a whole number from 1 to 512"),
        ("KREA_FCGI_THREADS", "eight", "a whole number from 1 to 512"),
        ("KREA_FCGI_SUBMIT_INTERVAL_SECONDS", "9.9", "a number of seconds from 10 to 3600"),
        ("KREA_FCGI_POLL_INTERVAL_SECONDS", "4.9", "a number of seconds from 5 to 8"),
        ("KREA_FCGI_POLL_INTERVAL_SECONDS", "8.1", "a number of seconds from 5 to 8"),
        ("KREA_FCGI_MAX_POLLS", "41", "a whole number from 1 to 40"),
        ("KREA_FCGI_MAX_POLLS", "0", "a whole number from 1 to 40"),
        ("KREA_FCGI_RATE_LIMIT_PAUSE_SECONDS", "29", "a number of seconds from 30 to 3600"),
        ("KREA_FCGI_POLL_RATE_LIMIT_PAUSE_SECONDS", "59", "a number of seconds from 60 to 3600"),
        ("KREA_FCGI_REQUEST_TIMEOUT_SECONDS", "0.5", "a number of seconds from 1 to 300"),
        ("KREA_FCGI_REQUEST_TIMEOUT_SECONDS", "nan", "a number of seconds from 1 to 300"),
        ("KREA_FCGI_RECONCILE_AFTER_SECONDS", "29.9", "a number of seconds from 30 to 3600"),
        ("KREA_FCGI_RECONCILE_AFTER_SECONDS", "3601", "a number of seconds from 30 to 3600"),
        ("KREA_FCGI_CREDIT_PAUSE_SECONDS", "0.9", "a number of seconds from 1 to 86400"),
        ("KREA_FCGI_CREDIT_PAUSE_SECONDS", "86401", "a number of seconds from 1 to 86400"),
        ("KREA_FCGI_REQUIRE_USER", "true", "yes or no"),
        ("KREA_FCGI_DAILY_LIMIT", "-1", "a whole number from 0 to 1000000"),
        ("KREA_FCGI_DAILY_LIMIT", "1.5", "a whole number from 0 to 1000000"),
        ("KREA_FCGI_DAILY_SPEND_LIMIT_USD", "5 USD", "a number of US dollars from 0 to 1000000"),
        ("KREA_FCGI_DAILY_SPEND_LIMIT_USD", "nan", "a number of US dollars from 0 to 1000000"),
        ("KREA_FCGI_ASSUMED_PRICE_USD", "1001", "a number of US dollars from 0 to 1000"),
        ("KREA_FCGI_QUEUE_LIMIT", "0", "a whole number from 1 to 1000000"),
        ("KREA_FCGI_QUEUE_LIMIT", "1000001", "a whole number from 1 to 1000000"),
        ("KREA_FCGI_QUEUE_LIMIT_PER_CLIENT", "0", "a whole number from 1 to 1000000"),
        ("KREA_FCGI_QUEUE_LIMIT_PER_CLIENT", "1000001", "a whole number from 1 to 1000000"),
        ("KREA_FCGI_KEEP_DAYS", "0", "a whole number from 1 to 3650"),
        ("KREA_FCGI_KEEP_DAYS", "3651", "a whole number from 1 to 3650"),
        ("KREA_FCGI_WEBHOOK_HOSTS", "localhost", "host names separated by commas, .example.org for all below example.org"),
        ("KREA_FCGI_WEBHOOK_HOSTS", "https://a.example", "host names separated by commas, .example.org for all below example.org"),
        ("KREA_FCGI_RESULT_HOSTS", "127.0.0.1", "host names separated by commas, .example.org for all below example.org"),
        ("KREA_FCGI_RESULT_HOSTS", "cdn.example:443", "host names separated by commas, .example.org for all below example.org"),
        ("KREA_FCGI_CORS_ORIGINS", "*", "origins like https://example.org separated by commas; http only for this machine"),
        ("KREA_FCGI_CORS_ORIGINS", "http://a.example", "origins like https://example.org separated by commas; http only for this machine"),
        ("KREA_FCGI_EMBED_ORIGINS", "example.org", "origins like https://example.org separated by commas; http only for this machine"),
        ("KREA_FCGI_LOG_LEVEL", "loud", "one of trace, debug, info, notice, warning, error, critical"),
    ])
    func `a value that is not allowed stops the start with one sentence`(variable: String, value: String, allowed: String) {
        #expect(throws: InvalidSetting(description: "\(variable) is \"\(value)\" but must be \(allowed).")) {
            try configuration([variable: value])
        }
    }

    @Test func `the bounds themselves are allowed`() throws {
        let lowest = try configuration(["KREA_FCGI_POLL_INTERVAL_SECONDS": "5", "KREA_FCGI_MAX_POLLS": "1"])
        #expect(lowest.rules.pollInterval == .seconds(5))
        #expect(lowest.limits.daily == DailyLimits())
        let day = try configuration([
            "KREA_FCGI_DAILY_LIMIT": "50", "KREA_FCGI_DAILY_SPEND_LIMIT_USD": "12.5", "KREA_FCGI_ASSUMED_PRICE_USD": "0",
        ]).limits.daily
        #expect(day.pictures == 50)
        #expect(day.spend == Money(usd: 12.5))
        #expect(day.assumedPrice == .zero)
        #expect(lowest.rules.maxPolls == 1)
        let highest = try configuration(["KREA_FCGI_POLL_INTERVAL_SECONDS": "8", "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "10.5"])
        #expect(highest.rules.pollInterval == .seconds(8))
        #expect(highest.rules.submitInterval == .seconds(10.5))
        let small = try configuration([
            "KREA_FCGI_RECONCILE_AFTER_SECONDS": "30", "KREA_FCGI_CREDIT_PAUSE_SECONDS": "1", "KREA_FCGI_QUEUE_LIMIT": "1",
            "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "1", "KREA_FCGI_KEEP_DAYS": "1",
        ])
        #expect(small.rules.creditPause == .seconds(1))
        #expect(small.keepDays == 1)
        let large = try configuration([
            "KREA_FCGI_RECONCILE_AFTER_SECONDS": "3600", "KREA_FCGI_CREDIT_PAUSE_SECONDS": "86400", "KREA_FCGI_QUEUE_LIMIT": "1000000",
            "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "999999", "KREA_FCGI_KEEP_DAYS": "3650",
        ])
        #expect(large.rules.reconcileAfter == .seconds(3600))
        #expect(large.rules.creditPause == .seconds(86_400))
        #expect(large.limits.total == 1_000_000)
        #expect(large.limits.perClient == 999_999)
        #expect(large.keepDays == 3650)
    }

    @Test(arguments: ["", "/"])
    func `a folder for copies of pictures has to be there`(end: String) throws {
        let folder = try TemporaryFolder()
        #expect(try configuration(["KREA_FCGI_IMAGES": folder.path + end]).imagesPath == folder.path)
    }

    @Test func `against a simulator on this machine any positive pace is taken, against another host none`() throws {
        let fast = ["KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "0.01", "KREA_FCGI_POLL_INTERVAL_SECONDS": "0.5", "KREA_FCGI_MAX_POLLS": "100"]
        let soon = ["KREA_API_URL": Self.simulator, "KREA_FCGI_RECONCILE_AFTER_SECONDS": "0.3", "KREA_FCGI_CREDIT_PAUSE_SECONDS": "0.5"]
        #expect(try configuration(soon).rules.reconcileAfter == .milliseconds(300))
        #expect(try configuration(soon).rules.creditPause == .milliseconds(500))
        #expect(try configuration(fast.merging(["KREA_API_URL": Self.simulator]) { $1 }).rules.submitInterval == .milliseconds(10))
        #expect(throws: InvalidSetting.self) { try configuration(fast.merging(["KREA_API_URL": "https://krea.example.org"]) { $1 }) }
        #expect(throws: InvalidSetting.self) {
            try configuration(["KREA_API_URL": Self.simulator, "KREA_FCGI_SUBMIT_INTERVAL_SECONDS": "0"])
        }
    }

    @Test(arguments: [
        ("https://example.org/krea", "https://example.org/krea"), ("https://example.org/krea/", "https://example.org/krea"),
        ("https://Example.org:8443", "https://example.org:8443"), ("http://127.0.0.1:8080/a/b", "http://127.0.0.1:8080/a/b"),
        ("http://[::1]:8080/krea", "http://[::1]:8080/krea"), ("", nil),
    ])
    func `the public address is taken with its mount point`(given: String, taken: String?) throws {
        #expect(try configuration(["KREA_FCGI_PUBLIC_URL": given]).publicURL == taken)
    }

    @Test(arguments: [("6", 5000), ("5", 5000), ("8", 5000), ("0.6", 500), ("60", 5000)])
    func `after a webhook a poll may come 5 s after the one before, at a faster pace in proportion`(interval: String, least: Int) throws {
        let variables = ["KREA_API_URL": Self.simulator, "KREA_FCGI_POLL_INTERVAL_SECONDS": interval]
        #expect(try configuration(variables).rules.shortestPollInterval == .milliseconds(least))
    }

    @Test(
        arguments: [
            (["KREA_API_TOKEN": "a:b"], "a:b"), (["KREA_API_KEY": "c"], "c"), (["KREA_API_TOKEN": "a", "KREA_API_KEY": "c"], "a"),
            (["KREA_API_TOKEN": "", "KREA_API_KEY": "c"], "c"), (["KREA_API_TOKEN": " a\n"], "a"), (["KREA_API_TOKEN": " \n"], nil),
        ] as [([String: String], String?)])
    func `the token is taken from either variable`(variables: [String: String], secret: String?) throws {
        #expect(try configuration(variables).token?.secret == secret)
    }

    private static let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"

    @Test func `hosts to tell need a secret, which neither the lines nor an error show`() throws {
        let given = try configuration(["KREA_FCGI_WEBHOOK_HOSTS": "a.example", "KREA_FCGI_WEBHOOK_SECRET": " \(Self.secret)\n"])
        #expect(given.webhookSecret != nil)
        #expect(!given.webhookHosts.isEmpty)
        #expect(
            given.lines.map(\.description).contains("KREA_FCGI_WEBHOOK_SECRET = (hidden)  # the secret that signs webhook messages"))
        #expect(!"\(given)".contains("MfKQ"))
        #expect(try configuration(["KREA_FCGI_WEBHOOK_SECRET": Self.secret]).webhookHosts.isEmpty)
        let missing = InvalidSetting(description: "KREA_FCGI_WEBHOOK_SECRET is not set but must be, because KREA_FCGI_WEBHOOK_HOSTS is.")
        #expect(throws: missing) { try configuration(["KREA_FCGI_WEBHOOK_HOSTS": "a.example"]) }
        let wrong = InvalidSetting(
            description: """
                KREA_FCGI_WEBHOOK_SECRET must be whsec_ and the base64 of 24 to 64 random bytes, or up to 4 of these separated by spaces (its \
                value is not shown).
                """)
        #expect(try configuration(["KREA_FCGI_WEBHOOK_SECRET": "\(Self.secret) \(Self.secret)"]).webhookSecret != nil)
        for text in ["MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "whsec_x", "whsec_ MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"] {
            #expect(throws: wrong) { try configuration(["KREA_FCGI_WEBHOOK_SECRET": text]) }
        }
    }

    @Test func `against a simulator this machine can be told, against Krea not`() throws {
        let variables = ["KREA_FCGI_WEBHOOK_HOSTS": "127.0.0.1,localhost", "KREA_FCGI_WEBHOOK_SECRET": Self.secret]
        #expect(try !configuration(variables.merging(["KREA_API_URL": Self.simulator]) { $1 }).webhookHosts.isEmpty)
        #expect(throws: InvalidSetting.self) { try configuration(variables) }
    }

    @Test func `neither the lines nor an error show the token`() throws {
        let configuration = try configuration(["KREA_API_TOKEN": "s3cret"])
        #expect(!configuration.lines.map(\.description).joined().contains("s3cret"))
        #expect(!"\(configuration)".contains("s3cret"))
        #expect(
            throws: InvalidSetting(description: "KREA_API_TOKEN must be one word of printable ASCII characters (its value is not shown).")
        ) {
            try self.configuration(["KREA_API_TOKEN": "s3cret\nX-Evil: 1"])
        }
    }

    @Test func `every setting has a line that says what it is and whether it is the default`() throws {
        let lines = try configuration(["KREA_FCGI_THREADS": "4"]).lines.map(\.description)
        #expect(lines.contains("KREA_FCGI_THREADS = 4  # how many requests are answered at the same time"))
        #expect(lines.contains { $0.hasPrefix("KREA_FCGI_STORE = /var/lib/krea-fcgi/jobs.sqlite (default)") })
        #expect(lines.contains { $0.hasPrefix("KREA_API_TOKEN = (not set)") })
        #expect(lines.count == 33)
    }

    /// As many sites as have names of so many bytes in all.
    private static func sites(_ bytes: Int) -> String {
        let sites = (0..<bytes / 50).map { "https://\(String(repeating: "a", count: 30))-\($0 + 100).example" }
        return sites.joined(separator: ",")
    }

    @Test func `sites that would make a header too long for a web server stop the start`() throws {
        let fits = try configuration(["KREA_FCGI_EMBED_ORIGINS": Self.sites(2500), "KREA_FCGI_CORS_ORIGINS": Self.sites(50_000)])
        #expect(fits.pageSettings.policySize <= Application.Settings.fieldLimit)
        let error = try #require(throws: InvalidSetting.self) { try configuration(["KREA_FCGI_EMBED_ORIGINS": Self.sites(5000)]) }
        #expect(error.description.hasPrefix("KREA_FCGI_EMBED_ORIGINS names so many sites that pages get a header field of "))
    }
}
