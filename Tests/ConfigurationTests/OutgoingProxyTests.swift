import HTTPClient
import KreaAPI
import Testing

@testable import krea_fcgi

/// The proxy that the environment names, as other programs read it.
@Suite struct OutgoingProxyTests {
    private func proxy(_ environment: [String: String], for server: String = "https://api.krea.ai") throws -> OutgoingProxy? {
        try OutgoingProxy(environment, for: KreaServer(server))
    }

    @Test(
        arguments: [
            ("http://proxy.example:3128", "proxy.example:3128"), ("http://proxy.example:3128/", "proxy.example:3128"),
            ("proxy.example:3128", "proxy.example:3128"), ("HTTP://proxy.example", "proxy.example:80"),
            ("http://user:pass@10.0.0.1:8080", "10.0.0.1:8080"), ("http://[2001:db8::1]:3128", "[2001:db8::1]:3128"),
        ])
    func `a proxy is read as curl reads it`(text: String, place: String) throws {
        #expect(try proxy(["HTTPS_PROXY": text])?.description == place)
        #expect(try proxy(["https_proxy": text])?.variable == "https_proxy")
    }

    @Test func `a user and a password go to the proxy, and are printed nowhere`() throws {
        let proxy = try #require(try proxy(["HTTPS_PROXY": "http://ann:a%40secret@proxy.example:3128"]))
        #expect(proxy.clientProxy.credentials?.user == "ann")
        #expect(proxy.clientProxy.credentials?.password == "a@secret")
        var dumped = ""
        dump(proxy, to: &dumped)
        for text in ["\(proxy)", String(reflecting: proxy), dumped] {
            #expect(!text.contains("secret"))
            #expect(!text.contains("ann"))
        }
        #expect(try self.proxy(["HTTPS_PROXY": "http://proxy.example:3128"])?.clientProxy.credentials == nil)
    }

    @Test(arguments: [
        "socks5://proxy.example:1080", "https://proxy.example:3128", "http://", "http://proxy.example:99999", "http://proxy.example/path",
        "http://a-secret@:1",
    ])
    func `what is no HTTP proxy stops the start, with a sentence that does not show it`(text: String) throws {
        let error = try #require(throws: InvalidSetting.self) { try proxy(["HTTPS_PROXY": text]) }
        #expect(error.description.hasPrefix("HTTPS_PROXY must be http://HOST:PORT"))
        #expect(!error.description.contains("proxy.example"))
        #expect(!error.description.contains("a-secret"))
    }

    @Test(
        arguments: [
            (nil, true), ("", true), ("*", false), ("api.krea.ai", false), ("krea.ai", false), (".krea.ai", false), ("*.krea.ai", false),
            ("localhost, API.Krea.ai", false), ("localhost krea.ai", false), ("krea.ai:443", false), ("krea.ai:8443", true),
            ("rea.ai", true),
            ("xapi.krea.ai", true), ("localhost,127.0.0.1", true), (".", true), (",", true),
        ] as [(String?, Bool)])
    func `a host that NO_PROXY names is reached without`(exceptions: String?, isUsed: Bool) throws {
        for name in ["NO_PROXY", "no_proxy"] {
            var environment = ["HTTPS_PROXY": "http://proxy.example:3128"]
            environment[name] = exceptions
            #expect(try (proxy(environment) != nil) == isUsed)
        }
    }

    @Test func `this machine is reached without, and so is everything where no proxy is named`() throws {
        #expect(try proxy(["HTTPS_PROXY": "http://proxy.example:3128"], for: "http://127.0.0.1:8081") == nil)
        #expect(try proxy(["HTTPS_PROXY": "", "HTTP_PROXY": "http://proxy.example:3128"]) == nil)
    }
}
