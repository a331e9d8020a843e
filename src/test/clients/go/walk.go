package main

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"time"
)

// The transport waits for «100 Continue» before it sends a body, as programs with large files do.
var client = &http.Client{
	Timeout:   30 * time.Second,
	Transport: &http.Transport{ExpectContinueTimeout: 5 * time.Second},
}

// send returns status and body of a request with the gateway's credential.
func send(method, path string, query url.Values, contentType string, body []byte) (int, []byte, error) {
	request, err := http.NewRequest(method, address+path+"?"+query.Encode(), bytes.NewReader(body))
	if err != nil {
		return 0, nil, err
	}
	request.SetBasicAuth(user, password)
	if contentType != "" {
		request.Header.Set("Content-Type", contentType)
	}
	if len(body) > 1000 {
		request.Header.Set("Expect", "100-continue")
	}
	answer, err := client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer answer.Body.Close()
	read, err := io.ReadAll(answer.Body)
	return answer.StatusCode, read, err
}

// ask returns status and answer of a request with a JSON body.
func ask(method, path string, query url.Values, body any) (int, object, error) {
	var text []byte
	contentType := ""
	if body != nil {
		text, _ = json.Marshal(body)
		contentType = "application/json"
	}
	status, read, err := send(method, path, query, contentType, text)
	if err != nil {
		return 0, nil, err
	}
	answer := object{}
	return status, answer, json.Unmarshal(read, &answer)
}

// good returns the results of a request that must succeed.
func good(method, path string, query url.Values, body any) (object, error) {
	status, answer, err := ask(method, path, query, body)
	if err == nil && (status != 200 || answer["code"] != "SUCCESS") {
		err = fmt.Errorf("%d %v", status, answer)
	}
	results, _ := answer["results"].(object)
	return results, err
}

// form returns the content type and the bytes of a form with a file.
func form(fields map[string]string, field, file string) (string, []byte, error) {
	content, err := os.ReadFile(file)
	if err != nil {
		return "", nil, err
	}
	var text bytes.Buffer
	writer := multipart.NewWriter(&text)
	for name, value := range fields {
		_ = writer.WriteField(name, value)
	}
	part, _ := writer.CreateFormFile(field, filepath.Base(file))
	_, _ = part.Write(content)
	_ = writer.Close()
	return writer.FormDataContentType(), text.Bytes(), nil
}

func hubSignatureHolds(headers http.Header, body []byte) bool {
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write(body)
	wanted := "sha256=" + hex.EncodeToString(mac.Sum(nil))
	return hmac.Equal([]byte(wanted), []byte(headers.Get("X-Hub-Signature-256")))
}

// pair makes a device and logs it in.
func pair(device string) error {
	of := url.Values{"device_id": {device}}
	if _, err := good("POST", "/devices", nil, object{"device_id": device}); err != nil {
		return err
	}
	if _, err := good("GET", "/app/login", of, nil); err != nil {
		return err
	}
	if _, err := good("POST", "/sandbox/pair", of, nil); err != nil {
		return err
	}
	status, err := good("GET", "/app/status", of, nil)
	if err != nil {
		return err
	}
	return expect(status["is_logged_in"] == true, status)
}

// walk does with net/http what a user of the gateway does.
func walk(device string) {
	of := url.Values{"device_id": {device}}
	sends := func(path string, body object) func() error {
		return func() error {
			sent, err := good("POST", path, of, body)
			if err != nil {
				return err
			}
			return expect(sent["message_id"] != nil, sent)
		}
	}
	call("make a device and log in", func() error { return pair(device) })
	call("send a text", sends("/send/message", object{"phone": phone, "message": "Grüße & 100 % 👋"}))
	call("send a picture by file", func() error {
		contentType, body, err := form(map[string]string{"phone": phone, "caption": "Grüße", "view_once": "false"}, "image", picture)
		if err != nil {
			return err
		}
		status, answer, err := send("POST", "/send/image", of, contentType, body)
		if err != nil {
			return err
		}
		return expect(status == 200, string(answer))
	})
	call("send a picture by address", sends("/send/image", object{"phone": phone, "image_url": pictureURL, "caption": "by address"}))
	call("page through chats", func() error {
		if err := sends("/send/message", object{"phone": "12025550101", "message": "another chat"})(); err != nil {
			return err
		}
		found := map[any]bool{}
		for _, offset := range []string{"0", "1"} {
			page, err := good("GET", "/chats", url.Values{"device_id": {device}, "limit": {"1"}, "offset": {offset}}, nil)
			if err != nil {
				return err
			}
			found[page["data"].([]any)[0].(object)["jid"]] = true
		}
		return expect(found[phone+"@s.whatsapp.net"] && found["12025550101@s.whatsapp.net"], found)
	})
	var shown object
	call("read messages", func() error {
		page, err := good("GET", "/chat/"+phone+"@s.whatsapp.net/messages",
			url.Values{"device_id": {device}, "start_time": {"2026-01-02T03:04:05Z"}}, nil)
		if err != nil {
			return err
		}
		texts := map[any]bool{}
		for _, message := range page["data"].([]any) {
			texts[message.(object)["content"]] = true
			if message.(object)["media_type"] == "image" {
				shown = message.(object)
			}
		}
		return expect(texts["Grüße & 100 % 👋"] && texts["Grüße"] && texts["by address"], page)
	})
	call("download a picture", func() error {
		file, err := good("GET", fmt.Sprintf("/message/%s/download", shown["id"]),
			url.Values{"device_id": {device}, "phone": {phone}}, nil)
		if err != nil {
			return err
		}
		status, body, err := send("GET", "/"+file["file_path"].(string), nil, "", nil)
		if err != nil {
			return err
		}
		return expect(status == 200 && http.DetectContentType(body) == "image/jpeg", status)
	})
	call("read an error", func() error {
		status, answer, err := ask("POST", "/send/message", of, object{})
		if err != nil {
			return err
		}
		message, _ := answer["message"].(string)
		return expect(status == 400 && answer["code"] == "VALIDATION_ERROR" &&
			bytes.Contains([]byte(message), []byte("phone")) && bytes.Contains([]byte(message), []byte("message")), answer)
	})
	call("ask by HEAD whether the gateway lives, and go on with the connection", func() error {
		for _, path := range []string{"/livez", "/health"} {
			for _, ask := range []func(string) (*http.Response, error){client.Head, client.Get} {
				answer, err := ask(address + path)
				if err != nil {
					return err
				}
				_, _ = io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if err := expect(answer.StatusCode == 200, answer.Request.Method+" "+path+" "+answer.Status); err != nil {
					return err
				}
			}
		}
		return nil
	})
	call("be refused with a wrong password", func() error {
		request, _ := http.NewRequest("GET", address+"/devices", nil)
		request.SetBasicAuth(user, "no")
		answer, err := client.Do(request)
		if err != nil {
			return err
		}
		answer.Body.Close()
		return expect(answer.StatusCode == 401, answer.Status)
	})
	call("receive a webhook and verify it", func() error {
		inbox := newReceiver()
		defer inbox.Close()
		hook, err := good("POST", "/webhooks", nil,
			object{"url": inbox.URL, "secret": secret, "events": []string{"message"}, "device": device})
		if err != nil {
			return err
		}
		if _, err := good("POST", "/sandbox/inbound", of, object{"from": "12025550101", "message": "a question"}); err != nil {
			return err
		}
		came, err := inbox.next("a question")
		if err != nil {
			return err
		}
		if !hubSignatureHolds(came.headers, came.body) || hubSignatureHolds(came.headers, append(came.body, ' ')) {
			return fmt.Errorf("the signature is wrong")
		}
		_, err = good("DELETE", fmt.Sprintf("/webhooks/%s", hook["id"]), nil, nil)
		return err
	})
	call("remove the device", func() error {
		_, err := good("DELETE", "/devices/"+device, url.Values{"force": {"true"}}, nil)
		return err
	})
}
