// Three public Go clients: the standard library's net/http, and the verifiers of Standard Webhooks and Svix.
//
// Usage: clients net-http | standardwebhooks | svix
//
// Each call prints one line of JSON: {"call": NAME, "error": null or TEXT}. src/test/clients/run.py reads the lines.
package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"time"
)

var (
	address    = os.Getenv("GATEWAY_URL")
	user       = os.Getenv("GATEWAY_USER")
	password   = os.Getenv("GATEWAY_PASSWORD")
	secret     = os.Getenv("WEBHOOK_SECRET")
	picture    = os.Getenv("PICTURE")
	pictureURL = os.Getenv("PICTURE_URL")
)

const phone = "6281234567890"

type object = map[string]any

// call reports one call: well when block returns nil, wrong when it returns an error or panics.
func call(name string, block func() error) {
	err := func() (err error) {
		defer func() {
			if panicked := recover(); panicked != nil {
				err = fmt.Errorf("panic: %v", panicked)
			}
		}()
		return block()
	}()
	line := object{"call": name, "error": nil}
	if err != nil {
		line["error"] = fmt.Sprintf("%.900s", err.Error())
	}
	text, _ := json.Marshal(line)
	fmt.Println(string(text))
}

func expect(holds bool, what any) error {
	if holds {
		return nil
	}
	return fmt.Errorf("wrong: %.600v", what)
}

// delivery is what one attempt of a webhook brought.
type delivery struct {
	headers http.Header
	body    []byte
}

// receiver is a receiver of webhooks on loopback.
type receiver struct {
	*httptest.Server
	kept chan delivery
}

func newReceiver() receiver {
	kept := make(chan delivery, 100)
	return receiver{httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, request *http.Request) {
		body, _ := io.ReadAll(request.Body)
		kept <- delivery{request.Header, body}
	})), kept}
}

// next returns the delivery whose body has the text.
func (r receiver) next(text string) (delivery, error) {
	limit := time.After(15 * time.Second)
	for {
		select {
		case found := <-r.kept:
			if strings.Contains(string(found.body), text) {
				return found, nil
			}
		case <-limit:
			return delivery{}, fmt.Errorf("no webhook came")
		}
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "clients: say net-http, standardwebhooks or svix.")
		os.Exit(2)
	}
	switch os.Args[1] {
	case "net-http":
		walk("net-http")
	case "standardwebhooks", "svix":
		verify(os.Args[1])
	default:
		fmt.Fprintln(os.Stderr, "clients: say net-http, standardwebhooks or svix.")
		os.Exit(2)
	}
}
