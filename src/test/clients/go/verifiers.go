package main

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"

	standardwebhooks "github.com/standard-webhooks/standard-webhooks/libraries/go"
	svix "github.com/svix/svix-webhooks/go"
)

// verifier is what both libraries give.
type verifier interface {
	Verify(body []byte, headers http.Header) error
}

func newVerifier(library string) (verifier, error) {
	if library == "svix" {
		return svix.NewWebhook(secret)
	}
	return standardwebhooks.NewWebhook(secret)
}

// verify has a library verify the gateway's deliveries.
func verify(library string) {
	device := library + "-go"
	inbox := newReceiver()
	defer inbox.Close()
	var (
		came  delivery
		hook  object
		judge verifier
	)
	call("receive a webhook", func() (err error) {
		if judge, err = newVerifier(library); err != nil {
			return err
		}
		if err = pair(device); err != nil {
			return err
		}
		body := object{"url": inbox.URL, "secret": secret, "events": []string{"message"}, "device": device}
		if hook, err = good("POST", "/webhooks", nil, body); err != nil {
			return err
		}
		of := url.Values{"device_id": {device}}
		if _, err = good("POST", "/sandbox/inbound", of, object{"from": "12025550101", "message": "Grüße 👋"}); err != nil {
			return err
		}
		came, err = inbox.next("👋")
		return err
	})
	call("verify its signature", func() error { return judge.Verify(came.body, came.headers) })
	call("refuse a changed body", func() error {
		changed := bytes.Replace(came.body, []byte("Grüße"), []byte("grüße"), 1)
		return expect(judge.Verify(changed, came.headers) != nil, "accepted")
	})
	call("refuse an old time", func() error {
		old := came.headers.Clone()
		old.Set("webhook-timestamp", "1700000000")
		return expect(judge.Verify(came.body, old) != nil, "accepted")
	})
	call("verify a test event", func() error {
		if _, err := good("POST", fmt.Sprintf("/webhooks/%s/test", hook["id"]), nil, nil); err != nil {
			return err
		}
		came, err := inbox.next("webhook.ping")
		if err != nil {
			return err
		}
		return judge.Verify(came.body, came.headers)
	})
	call("remove the webhook and the device", func() error {
		if _, err := good("DELETE", fmt.Sprintf("/webhooks/%s", hook["id"]), nil, nil); err != nil {
			return err
		}
		_, err := good("DELETE", "/devices/"+device, url.Values{"force": {"true"}}, nil)
		return err
	})
}
