module orders.example/rates

go 1.22
