// Package rates asks the bank for the exchange rates of the day.
package rates

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"time"
)

// patience is how long the shop would rather wait than show no price.
const patience = 5 * time.Second

// Book holds the rates of one bank.
type Book struct {
	client *http.Client
	source string
	log    *slog.Logger
}

// New makes a book that is filled from an address of the bank.
func New(source string, log *slog.Logger) *Book {
	return &Book{client: &http.Client{Timeout: patience}, source: source, log: log}
}

// Today returns what one euro costs, by currency.
func (b *Book) Today(ctx context.Context) (map[string]float64, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, b.source, nil)
	if err != nil {
		return nil, fmt.Errorf("ask for rates: %w", err)
	}
	answer, err := b.client.Do(request)
	if err != nil {
		return nil, fmt.Errorf("ask for rates: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("the bank answered %s", answer.Status)
	}
	var rates map[string]float64
	if err := json.NewDecoder(answer.Body).Decode(&rates); err != nil {
		return nil, fmt.Errorf("read rates: %w", err)
	}
	b.log.Info("rates read", "currencies", len(rates))
	return rates, nil
}
