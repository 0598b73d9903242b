import Jobs
import Logging
import Logs
import TestSupport
import Testing
import Web

@testable import KreaAPI
@testable import krea_fcgi

/// What a running service takes over of a new configuration.
@Suite struct ConfigurationChangeTests {
    private static let before = [
        "KREA_API_TOKEN": "old", "KREA_FCGI_THREADS": "4", "KREA_FCGI_LOG_LEVEL": "info", "KREA_FCGI_STORE": "/a/jobs.sqlite",
    ]

    private func change(_ changes: [String: String]) throws -> (ConfigurationChange, ServiceConfiguration) {
        let old = try ServiceConfiguration(ConfigurationSource(environment: Self.before))
        let (configuration, change) = try old.taking(
            ServiceConfiguration(ConfigurationSource(environment: Self.before.merging(changes) { $1 })))
        return (change, configuration)
    }

    @Test func `nothing changes when nothing has changed`() throws {
        #expect(try change([:]).0 == ConfigurationChange())
    }

    @Test func `what can change does, everything else waits for a restart and stays as it is`() throws {
        let (change, configuration) = try change([
            "KREA_API_TOKEN": "new", "KREA_FCGI_THREADS": "5", "KREA_FCGI_STORE": "/b/jobs.sqlite", "KREA_FCGI_LOG_LEVEL": "debug",
            "KREA_FCGI_LOG_FORMAT": "json", "KREA_FCGI_QUEUE_LIMIT": "7", "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT": "3",
            "KREA_FCGI_API_KEYS_FILE": "/keys", "KREA_FCGI_WEBHOOK_HOSTS": "a.example",
            "KREA_FCGI_RESULT_HOSTS": "cdn.example",
            "KREA_FCGI_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "KREA_FCGI_SLOW_REQUEST_SECONDS": "2",
        ])
        #expect(
            Set(change.taken) == [
                "KREA_API_TOKEN", "KREA_FCGI_LOG_LEVEL", "KREA_FCGI_LOG_FORMAT", "KREA_FCGI_QUEUE_LIMIT",
                "KREA_FCGI_QUEUE_LIMIT_PER_CLIENT",
                "KREA_FCGI_API_KEYS_FILE", "KREA_FCGI_RESULT_HOSTS", "KREA_FCGI_WEBHOOK_HOSTS", "KREA_FCGI_WEBHOOK_SECRET",
                "KREA_FCGI_SLOW_REQUEST_SECONDS",
            ])
        #expect(Set(change.waiting) == ["KREA_FCGI_THREADS", "KREA_FCGI_STORE"])
        #expect(configuration.token?.secret == "new")
        #expect(configuration.logLevel == .debug)
        #expect(configuration.logFormat == .json)
        #expect(configuration.limits.total == 7)
        #expect(configuration.limits.perClient == 3)
        #expect(configuration.keyFilePath == "/keys")
        #expect(!configuration.webhookHosts.isEmpty)
        #expect(configuration.mayShow("https://cdn.example/1.png"))
        #expect(configuration.pageSettings.imageSources == ["https://cdn.example"])
        #expect(configuration.webhookSecret != nil)
        #expect(configuration.slowRequest == .seconds(2))
        #expect(configuration.threads == 4)
        #expect(configuration.storePath == "/a/jobs.sqlite")
        #expect(configuration.lines.first { $0.variable == "KREA_FCGI_THREADS" }?.text == "4")
    }

    @Test(arguments: [("old", ""), ("old", "new"), ("", "new")])
    func `a token that comes, goes or changes is a change, though its text is hidden`(old: String, new: String) throws {
        let before = try ServiceConfiguration(ConfigurationSource(environment: ["KREA_API_TOKEN": old]))
        let (after, change) = try before.taking(ServiceConfiguration(ConfigurationSource(environment: ["KREA_API_TOKEN": new])))
        #expect(change.isToken)
        #expect(after.token?.secret == (new.isEmpty ? nil : new))
        #expect(try !after.taking(after).change.isToken)
    }

    @Test func `what does not go together with what stays is refused`() throws {
        let old = try ServiceConfiguration(ConfigurationSource(environment: [:]))
        // Against a simulator this would be allowed.
        let new = try ServiceConfiguration(
            ConfigurationSource(environment: [
                "KREA_API_URL": "http://127.0.0.1:1", "KREA_FCGI_WEBHOOK_HOSTS": "127.0.0.1",
                "KREA_FCGI_WEBHOOK_SECRET": "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            ]))
        #expect(throws: InvalidSetting.self) { try old.taking(new) }
    }
}
