import Foundation
import Jobs
import TestSupport
import Testing

extension BrowserTests {
    /// The form in another site's page.
    @Suite struct EmbeddingInBrowser {
        /// A service that lets the site show its form.
        private func stack(for site: OtherSite) async throws -> Stack {
            try await Stack(environment: ["KREA_FCGI_EMBED_ORIGINS": "https://example.org,\(site.origin)"])
        }

        @Test func `one line becomes the form in a frame, which grows to its height and touches nothing else`() async throws {
            let site = try OtherSite()
            let stack = try await stack(for: site)
            site.show(
                """
                <style>h1 { color: rgb(1, 2, 3) }</style><h1>An article</h1>
                <script>
                const names = Object.keys(window)
                // Before WebDriver adds names of its own.
                addEventListener("load", () => document.body.title = Object.keys(window).filter(name => !names.includes(name)))
                </script>
                <script id="here" src="\(stack.base)/static/embed.js" data-model="flux" data-prompt="a lighthouse & more"
                data-aspect-ratio="16:9" async></script><p>More of it</p>
                """)
            try await Browser.on { browser in
                try await browser.open(site.origin)
                try await browser.wait(for: "#here + krea-picture")
                let height = """
                    const element = document.querySelector("krea-picture")
                    return new Promise(resolve => new ResizeObserver(() => {
                        if (element.offsetHeight != 480) resolve(element.offsetHeight)
                    }).observe(element))
                    """
                let grown = try #require(try await browser.evaluate(height).number)
                #expect(grown > 600)
                // Who is not in the frame is not believed; the element hears of it before this listener does.
                let forged = """
                    return new Promise(resolve => {
                        addEventListener("message", () => resolve(document.querySelector("krea-picture").offsetHeight))
                        postMessage({"krea-fcgi:height": 5}, "*")
                    })
                    """
                #expect(try await browser.evaluate(forged).number == grown)

                let address = "\(stack.base)/embed?model=flux&prompt=a+lighthouse+%26+more&aspect_ratio=16%3A9"
                #expect(try await browser.evaluate("return document.querySelector('krea-picture').getAttribute('src')").text == address)
                #expect(try await browser.evaluate("return document.querySelector('krea-picture').shadowRoot") == .null)
                #expect(try await browser.evaluate("return getComputedStyle(document.querySelector('h1')).color").text == "rgb(1, 2, 3)")
                #expect(try await browser.evaluate("return document.body.title") == "")
                #expect(try await browser.requests().contains("GET \(address)"))
            }
        }

        @Test(arguments: [Device.desk, .phone])
        func `in the frame a prompt becomes its picture, and so does the next`(device: Device) async throws {
            let site = try OtherSite()
            let stack = try await stack(for: site)
            site.show("<iframe id=\"form\" src=\"\(stack.base)/embed\" width=\"800\" height=\"900\"></iframe>")
            try await Browser.on(device) { browser in
                try await browser.open(site.origin)
                try await browser.enter(frame: "#form")
                for prompt in ["a lighthouse", "a windmill"] {
                    try await browser.type(prompt, into: "#prompt")
                    try await browser.click("main form [type=submit]")
                    try await browser.wait(for: ".pictures img")
                    #expect(try await browser.text("main").contains(prompt))
                    #expect(try await browser.evaluate("return location.pathname").text?.hasPrefix("/krea/embed/jobs/") == true)
                    #expect(try await browser.count("header a") == 0)
                    #expect(try await browser.count(".pictures a[target=_blank]") == 1)
                    try await browser.click(".ways a:last-child")
                    try await browser.wait(for: "#prompt")
                    #expect(try await browser.property("value", of: "#prompt") == "")
                }
                #expect(try await browser.url == "\(site.origin)/")
            }
        }

        @Test func `a site that is not named shows no form, nor does any site another page`() async throws {
            let (friend, stranger) = try (OtherSite(), OtherSite())
            let stack = try await stack(for: friend)
            stranger.show("<iframe src=\"\(stack.base)/embed\"></iframe>")
            friend.show("<iframe src=\"\(stack.base)/\"></iframe>")
            for site in [stranger, friend] {
                try await Browser.on { browser in
                    try await browser.open(site.origin)
                    try await browser.enter(frame: "iframe")
                    #expect(try await browser.count("#prompt") == 0)
                    #expect(try await browser.evaluate("return location.protocol").text == "chrome-error:")
                    let complaints = try await browser.complaints()
                    #expect(complaints.count == 1)
                    #expect(complaints.allSatisfy { $0.contains("frame-ancestors") })
                }
            }
        }
    }
}
