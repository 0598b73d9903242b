import Jobs
@testable import KreaAPI
import Testing

@Suite struct KreaServerTests {
    @Test(arguments: [
        ("https://api.krea.ai", "https://api.krea.ai", ""), ("https://api.krea.ai/", "https://api.krea.ai", ""),
        ("http://127.0.0.1:8081", "http://127.0.0.1:8081", ""), ("http://localhost:1/x/", "http://localhost:1", "/x"),
        ("http://[::1]:8081", "http://[::1]:8081", ""), ("HTTPS://API.Krea.AI", "https://api.krea.ai", ""),
    ])
    func `an address is taken apart`(text: String, origin: String, prefix: String) throws {
        let server = try KreaServer(text)
        #expect(server.origin == origin)
        #expect(server.prefix == prefix)
    }

    @Test(arguments: [
        "", "api.krea.ai", "http://api.krea.ai", "http://192.168.1.1", "ftp://127.0.0.1", "https://", "https://user:secret@api.krea.ai",
        "https://api.krea.ai?x=1", "http://127.evil.example.org",
    ])
    func `an address over which the token would travel in the clear, or none at all, is refused`(text: String) {
        #expect(throws: InvalidKreaServer(text: text)) { try KreaServer(text) }
    }

    @Test(arguments: [
        ("https://gen.krea.ai/images/1.png", true), ("https://krea.ai/1.png", true), ("https://app-uploads.krea.ai/a/b.png", true),
        ("https://GEN.KREA.AI/1.png", true), ("https://gen.krea.ai:443/1.png", true), ("https://gen.krea.ai:8443/1.png", false),
        ("http://gen.krea.ai/1.png", false), ("https://krea.ai.example.org/1.png", false), ("https://notkrea.ai/1.png", false),
        ("https://gen.krea.ai@example.org/1.png", false), ("https://user@gen.krea.ai/1.png", false), ("javascript:alert(1)", false),
        ("//gen.krea.ai/1.png", false), ("http://127.0.0.1:8081/images/1.png", false), ("", false),
    ])
    func `pictures are shown from Krea's own hosts only`(address: String, shown: Bool) {
        #expect(KreaServer.krea.mayShow(address) == shown)
    }

    @Test(arguments: [
        ("http://127.0.0.1:8081/images/1.png", true), ("http://127.0.0.1:8082/images/1.png", false),
        ("http://127.0.0.1:8081.example.org/1.png", false), ("https://gen.krea.ai/1.png", true),
    ])
    func `a simulator's pictures are shown from where it is`(address: String, shown: Bool) throws {
        #expect(try KreaServer("http://127.0.0.1:8081").mayShow(address) == shown)
    }

    @Test(arguments: [
        ("https://cdn.example/1.png", true), ("https://a.b.images.example/1.png", true), ("https://images.example/1.png", false),
        ("https://cdn.example:8443/1.png", false), ("http://cdn.example/1.png", false), ("https://user@cdn.example/1.png", false),
        ("https://cdn.example.org/1.png", false), ("https://gen.krea.ai/1.png", true), ("https://CDN.example/1.png", true),
        ("https://cdn.example%2F.krea.ai/1.png", false), ("https://evil.example\\.krea.ai/1.png", false),
        ("http://127.0.0.1:8081/1.png", false),
    ])
    func `the operator can allow other hosts, over https and on its port only`(address: String, shown: Bool) throws {
        let hosts = try #require(HostList("cdn.example, .images.example", simulated: false))
        #expect(KreaServer.krea.mayShow(address, also: hosts) == shown)
    }

    @Test func `what of this machine is allowed counts only beside a simulator`() throws {
        let hosts = try #require(HostList("localhost", simulated: true))
        #expect(try KreaServer("http://127.0.0.1:8081").mayShow("http://localhost:9/1.png", also: hosts))
        #expect(try !KreaServer("http://127.0.0.1:8081").mayShow("http://127.0.0.1:9/1.png", also: hosts))
        #expect(!KreaServer.krea.mayShow("http://localhost:9/1.png", also: hosts))
        #expect(HostList("localhost", simulated: false) == nil)
    }
}
